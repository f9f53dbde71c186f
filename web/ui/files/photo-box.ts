/** Largest that a picture stands in a history: as wide as a bubble reads well, as high as half a phone. */
const WIDEST = 320;
const HIGHEST = 360;
/** Thinner than this nobody could press it; what stands out is cut off. */
const THINNEST = 120;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** What a picture takes before anything of it is here; 4:3 where nobody knows. */
export function photoBox(image: Box | undefined): Box {
  if (!image) return { width: 240, height: 180 };
  const scale = Math.min(1, WIDEST / image.width, HIGHEST / image.height);
  const clamp = (side: number, most: number): number =>
    Math.round(Math.min(most, Math.max(THINNEST, side * scale)));
  return { width: clamp(image.width, WIDEST), height: clamp(image.height, HIGHEST) };
}
