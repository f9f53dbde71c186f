import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_SCALE, WHOLE, fitted, within, zoomedAt } from "./zoom.ts";

const stage = { width: 400, height: 800 };
const picture = { width: 400, height: 300 };
const place = fc.integer({ min: -2_000, max: 2_000 });
const scale = fc.double({ min: 0.01, max: 100, noNaN: true });

test("a picture is made smaller until it fits, and never larger than it is", () => {
  expect(fitted({ width: 4_000, height: 3_000 }, stage)).toEqual({ width: 400, height: 300 });
  expect(fitted({ width: 100, height: 50 }, stage)).toEqual({ width: 100, height: 50 });
});

test("a picture is never lost beyond an edge, nor smaller than whole, nor larger than it may be", () => {
  fc.assert(
    fc.property(scale, place, place, (factor, x, y) => {
      const view = within({ scale: factor, x, y }, picture, stage);
      expect(view.scale).toBeGreaterThanOrEqual(1);
      expect(view.scale).toBeLessThanOrEqual(MOST_SCALE);
      for (const [moved, side, edge] of [
        [view.x, picture.width, stage.width],
        [view.y, picture.height, stage.height],
      ] as const) {
        expect(Math.abs(moved)).toBeLessThanOrEqual(Math.max(0, (side * view.scale - edge) / 2));
      }
    }),
  );
});

test("what lies under the pointer stays under it while one zooms", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), place, place, (factor, x, y) => {
      const before = { scale: 2, x: 30, y: -40 };
      const after = zoomedAt(before, factor, { x, y });
      const under = (view: typeof before, at: number, moved: number) => (at - moved) / view.scale;
      expect(under(after, x, after.x)).toBeCloseTo(under(before, x, before.x), 6);
      expect(under(after, y, after.y)).toBeCloseTo(under(before, y, before.y), 6);
    }),
  );
});

test("a picture that is whole lies in the middle", () => {
  expect(within({ scale: 0.4, x: 90, y: 3 }, picture, stage)).toEqual(WHOLE);
});
