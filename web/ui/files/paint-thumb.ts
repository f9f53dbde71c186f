import { thumbHashToRGBA } from "thumbhash";

/** Paints it: a picture in an address of its own would be one more thing that the page may load. */
export function paintThumb(canvas: HTMLCanvasElement, hash: Uint8Array): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(hash);
    canvas.width = w;
    canvas.height = h;
    canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  } catch {
    // Written by somebody else's device: what is no thumbhash leaves the place empty.
  }
}
