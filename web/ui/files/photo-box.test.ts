import fc from "fast-check";
import { expect, test } from "vitest";
import { photoBox } from "./photo-box.ts";

test("a picture keeps its shape and is never larger than it is, unless nobody could press it", () => {
  expect(photoBox({ width: 4_000, height: 3_000 })).toEqual({ width: 320, height: 240 });
  expect(photoBox({ width: 3_000, height: 4_000 })).toEqual({ width: 270, height: 360 });
  expect(photoBox({ width: 200, height: 150 })).toEqual({ width: 200, height: 150 });
  expect(photoBox({ width: 65_535, height: 1 })).toEqual({ width: 320, height: 120 });
  expect(photoBox(undefined)).toEqual({ width: 240, height: 180 });
});

test("every picture has a place that fits a phone and can be pressed", () => {
  const side = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const box = photoBox({ width, height });
      expect(box.width).toBeGreaterThanOrEqual(120);
      expect(box.width).toBeLessThanOrEqual(320);
      expect(box.height).toBeGreaterThanOrEqual(120);
      expect(box.height).toBeLessThanOrEqual(360);
    }),
  );
});
