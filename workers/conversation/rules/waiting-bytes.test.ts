import fc from "fast-check";
import { expect, test } from "vitest";
import { WaitingBytes } from "./waiting-bytes.ts";

const MOST = 1000;

test("what waits for one never exceeds the cap, but for a single frame; what left makes room; others are not touched", () => {
  const step = fc.record({ who: fc.nat(2), bytes: fc.integer({ min: 1, max: 1500 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const waiting = new WaitingBytes<object>(MOST);
      const names = [{}, {}, {}];
      const held: number[][] = [[], [], []];
      for (const { who, bytes } of steps) {
        const name = names[who] ?? {};
        const mine = held[who] ?? [];
        const sum = mine.reduce((a, b) => a + b, 0);
        const fits = mine.length === 0 || sum + bytes <= MOST;
        expect(waiting.enter(name, bytes)).toBe(fits);
        if (fits) mine.push(bytes);
        else for (const left of mine.splice(0)) waiting.leave(name, left);
      }
    }),
  );
});
