import { useLayoutEffect, useRef } from "preact/hooks";

type Paint = typeof import("./paint-thumb.ts").paintThumb;

/** Fetched with the first picture; the next ones are painted before they are shown. */
let paint: Paint | null = null;
let coming: Promise<void> | null = null;

const fetched = async (): Promise<void> => {
  paint = (await import("./paint-thumb.ts")).paintThumb;
};

/** What a picture will look like, blurred, in the place that it will take. */
export function Thumb({ hash }: { hash: Uint8Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const draw = (): void => {
      if (canvas.current) paint?.(canvas.current, hash);
    };
    if (paint) return draw();
    coming ??= fetched().catch(() => void (coming = null));
    void coming.then(draw);
  }, [hash]);
  return <canvas ref={canvas} class="thumb" width={1} height={1} aria-hidden="true" />;
}
