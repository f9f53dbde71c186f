const STEP = 5;
const HIGH = 32;
const LEAST = 3;

/** A stroke a bar, in a picture that stretches to its place. */
function strokes(bars: readonly number[]): string {
  return bars
    .map((loud, n) => {
      const high = LEAST + (loud / 255) * (HIGH - LEAST);
      return `M${n * STEP + STEP / 2} ${(HIGH - high) / 2}v${high}`;
    })
    .join("");
}

/** Where nobody drew one: a line to seek on. */
const FLAT: readonly number[] = Array.from({ length: 48 }, () => 0);

/** The picture of a recording, coloured as far as it was heard. */
export function Waveform({ bars, share }: { bars: Uint8Array | undefined; share: number }) {
  const shown = bars && bars.length > 0 ? [...bars] : FLAT;
  const path = strokes(shown);
  const box = `0 0 ${shown.length * STEP} ${HIGH}`;
  return (
    <span class="waveform" aria-hidden="true">
      <svg viewBox={box} preserveAspectRatio="none">
        <path d={path} />
      </svg>
      <svg
        class="waveform-heard"
        viewBox={box}
        preserveAspectRatio="none"
        style={{ "--heard": `${share * 100}%` }}
      >
        <path d={path} />
      </svg>
    </span>
  );
}
