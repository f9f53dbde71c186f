import { rgbaToThumbHash } from "thumbhash";
import { FileError } from "../../core/files/refused.ts";

/** The longer side of a picture of standard quality. */
export const LONGEST = 2_048;
/** What a thumbhash is made of. */
const THUMB = 100;
const QUALITY = 0.85;

export interface Decoded {
  /** upright */
  readonly width: number;
  readonly height: number;
  readonly thumb: Uint8Array;
  /** Pixels alone, made anew, at most so long and no larger than they are. */
  encode(type: "image/jpeg" | "image/webp", longest: number): Promise<Blob>;
  close(): void;
}

/** Whether this browser decodes and encodes pictures off the page's thread. */
export const canDecode = (): boolean =>
  typeof OffscreenCanvas === "function" && typeof createImageBitmap === "function";

function painted(bitmap: ImageBitmap, longest: number) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new FileError("file_damaged", "no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context };
}

function thumbOf(bitmap: ImageBitmap): Uint8Array {
  const { canvas, context } = painted(bitmap, THUMB);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return rgbaToThumbHash(canvas.width, canvas.height, data);
}

/**
 * A picture as the browser decodes it, turned upright. Its size is to be known before (`measure`): what it takes is four
 * bytes a pixel. Null: this browser cannot decode it.
 */
export async function decodeImage(blob: Blob): Promise<Decoded | null> {
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(
    () => null,
  );
  if (!bitmap) return null;
  return {
    width: bitmap.width,
    height: bitmap.height,
    thumb: thumbOf(bitmap),
    encode: (type, longest) =>
      painted(bitmap, longest).canvas.convertToBlob({ type, quality: QUALITY }),
    close: () => bitmap.close(),
  };
}
