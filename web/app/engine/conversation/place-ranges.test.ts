import fc from "fast-check";
import { expect, test } from "vitest";
import {
  hasPlace,
  placesBetween,
  withPlaces,
  withoutPlace,
  withoutPlacesAfter,
} from "./place-ranges.ts";

const place = fc.integer({ min: 1, max: 400 });
const ranges = fc.array(
  fc
    .tuple(place, fc.integer({ min: 0, max: 5 }))
    .map(([from, more]) => ({ from, to: from + more })),
  { maxLength: 200 },
);

test("M6 every place that was missed is asked for, in at most 64 ranges in order that touch no other", () => {
  fc.assert(
    fc.property(ranges, ranges, (held, more) => {
      const all = withPlaces(withPlaces([], held), more);
      expect(all.length).toBeLessThanOrEqual(64);
      for (const { from, to } of [...held, ...more]) {
        for (let seq = from; seq <= to; seq++) expect(hasPlace(all, seq)).toBe(true);
      }
      for (const [i, { from, to }] of all.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        expect(from).toBeGreaterThan((all[i - 1]?.to ?? -1) + 1);
      }
    }),
  );
});

test("M6 a place that is filled is asked for no more, and all others still are", () => {
  fc.assert(
    fc.property(ranges, place, (held, seq) => {
      const all = withPlaces([], held);
      const left = withoutPlace(all, seq);
      for (let at = 1; at <= 410; at++) {
        expect(hasPlace(left, at)).toBe(at !== seq && hasPlace(all, at));
        expect(hasPlace(withoutPlacesAfter(all, seq), at)).toBe(at <= seq && hasPlace(all, at));
      }
    }),
  );
});

test("M6 what lies between places costs nothing, however far they are apart", () => {
  expect(placesBetween(3, [3, 4, 7, 2 ** 40], 2 ** 40)).toEqual([
    { from: 5, to: 6 },
    { from: 8, to: 2 ** 40 - 1 },
  ]);
  expect(placesBetween(3, [], 4)).toEqual([{ from: 3, to: 4 }]);
  expect(placesBetween(3, [3, 3, 4], 4)).toEqual([]);
});
