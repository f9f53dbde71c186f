import { expect, it } from "vitest";
import { framesOf, isKept, median, middleOf, quantile, tableOf } from "./figures.ts";

it("a quantile is a value that was measured, whatever the order", () => {
  const values = [9, 1, 5, 3, 7];
  expect([0, 0.5, 0.8, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 5, 7, 9, 9]);
  expect(median([4, 2])).toBe(2);
  expect(() => median([])).toThrow(RangeError);
});

it("one bad round does not move the middle of several", () => {
  const calm = framesOf([16, 17, 16, 33]);
  expect(calm).toEqual({ p50: 16, p95: 33, longest: 33 });
  expect(middleOf([calm, framesOf([400]), calm])).toEqual(calm);
});

it("a ratio at its gate is kept, one beyond it is said to be missed; a row without a peer decides nothing", () => {
  const gate = { peer: "bare", ratio: 1.5, most: 1.5 };
  const row = { what: "a", measured: "1 ms", goal: "2 ms", gate };
  expect([isKept(gate), isKept({ ...gate, ratio: 1.51 })]).toEqual([true, false]);
  const table = tableOf([row, { ...row, gate: { ...gate, ratio: 2 } }, { ...row, gate: null }]);
  expect(table.split("\n").slice(2)).toEqual([
    "| a | 1 ms | 2 ms | bare | 1.50x | <= 1.5x kept |",
    "| a | 1 ms | 2 ms | bare | 2.00x | <= 1.5x MISSED |",
    "| a | 1 ms | 2 ms |  |  |  |",
  ]);
});
