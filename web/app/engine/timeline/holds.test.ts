import { expect, test } from "vitest";
import { holds } from "./stretch.ts";

test("a stretch holds its first place, its last, and what lies between", () => {
  const stretch = { from: 3, to: 5 };
  expect([2, 3, 4, 5, 6].map((seq) => holds(stretch, seq))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});
