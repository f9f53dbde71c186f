import fc from "fast-check";
import { expect, test } from "vitest";
import { WAVEFORM_BYTES } from "./file-body.ts";
import { waveformOf } from "./waveform.ts";

const tone = (length: number, loud: (at: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, at) => loud(at) * Math.sin(at));

test("F2 a waveform never has more bars than a message takes, nor more than there are samples", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 200 }), (n, bars) => {
      const made = waveformOf(
        tone(n, () => 0.5),
        bars,
      );
      expect(made.length).toBe(Math.min(n, bars, WAVEFORM_BYTES));
    }),
  );
});

test("the loudest moment is 255, and what is quieter stands lower", () => {
  const rising = waveformOf(
    tone(6_400, (at) => at / 6_400),
    16,
  );
  expect(rising.at(-1)).toBe(255);
  expect([...rising]).toEqual([...rising].toSorted((a, b) => a - b));
});

test("silence is flat, and so is the noise of a quiet room", () => {
  expect([...waveformOf(new Float32Array(800), 8)]).toEqual(Array.from({ length: 8 }, () => 0));
  const noise = waveformOf(
    tone(800, () => 0.000_1),
    8,
  );
  expect(Math.max(...noise)).toBeLessThan(32);
});
