import { useLayoutEffect, useRef } from "preact/hooks";
import { thumbHashToRGBA } from "thumbhash";

/** Painted, since a picture in an address of its own would be a picture of anybody's making. */
function paint(canvas: HTMLCanvasElement, hash: Uint8Array): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(hash);
    canvas.width = w;
    canvas.height = h;
    canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  } catch {
    // Written by somebody else's device: what is no thumbhash leaves the place empty.
  }
}

/** What a picture will look like, blurred, in the place that it will take. */
export function Thumb({ hash }: { hash: Uint8Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, hash);
  }, [hash]);
  return <canvas ref={canvas} class="thumb" width={1} height={1} aria-hidden="true" />;
}
