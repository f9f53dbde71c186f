/** How a picture lies in the light box: enlarged about its middle, and moved from there, in pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
export const MOST_SCALE = 6;

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** As large as it fits without being enlarged beyond its own pixels. */
export function fitted(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Never smaller than whole, never further than its edge: what is moved away comes back. */
export function within({ scale, x, y }: View, picture: Size, stage: Size): View {
  const now = Math.max(1, Math.min(MOST_SCALE, scale));
  if (now === 1) return WHOLE;
  const room = (side: number, edge: number): number => Math.max(0, (side * now - edge) / 2);
  return {
    scale: now,
    x: clamp(x, room(picture.width, stage.width)),
    y: clamp(y, room(picture.height, stage.height)),
  };
}

/** Enlarged by a factor about a point, from the middle of the stage: what lies under it stays there. */
export function zoomedAt(
  { scale, x, y }: View,
  factor: number,
  at: { readonly x: number; readonly y: number },
): View {
  const next = Math.max(1, Math.min(MOST_SCALE, scale * factor));
  const real = next / scale;
  return { scale: next, x: at.x - (at.x - x) * real, y: at.y - (at.y - y) * real };
}
