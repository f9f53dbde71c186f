import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("a wait is never longer than half a minute nor shorter than an eighth of a second", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const wait = backoffMs(failures, random);
      expect(wait).toBeGreaterThanOrEqual(125);
      expect(wait).toBeLessThanOrEqual(30_000);
    }),
  );
});

test("the wait doubles while failures go on", () => {
  expect([0, 1, 2, 3].map((failures) => backoffMs(failures, 0))).toEqual([125, 250, 500, 1000]);
});

test("two clients that failed alike do not come back together", () => {
  expect(backoffMs(5, 0.1)).not.toBe(backoffMs(5, 0.9));
});
