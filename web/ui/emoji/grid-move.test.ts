import { expect, it } from "vitest";
import { moveTo, type Spot } from "./grid-move.ts";

/** Two groups of seven and four, five in a row. */
const move = (key: string, group: number, index: number, rtl = false): Spot | null =>
  moveTo(key, { group, index }, [7, 4], 5, rtl);

it.each([
  ["ArrowRight", 0, 0, 0, 1],
  ["ArrowRight", 0, 6, 1, 0],
  ["ArrowRight", 1, 3, 1, 3],
  ["ArrowLeft", 1, 0, 0, 6],
  ["ArrowLeft", 0, 0, 0, 0],
  ["ArrowDown", 0, 1, 0, 6],
  ["ArrowDown", 0, 4, 0, 6],
  ["ArrowDown", 0, 6, 1, 1],
  ["ArrowDown", 1, 2, 1, 2],
  ["ArrowUp", 1, 1, 0, 6],
  ["ArrowUp", 1, 3, 0, 6],
  ["ArrowUp", 0, 5, 0, 0],
  ["ArrowUp", 0, 2, 0, 2],
  ["Home", 1, 2, 0, 0],
  ["End", 0, 2, 1, 3],
])("%s leads from group %i, %i to group %i, %i", (key, group, index, toGroup, toIndex) => {
  expect(move(key, group, index)).toEqual({ group: toGroup, index: toIndex });
});

it("goes the other way where one reads from the right", () => {
  expect(move("ArrowLeft", 0, 0, true)).toEqual({ group: 0, index: 1 });
  expect(move("ArrowRight", 0, 1, true)).toEqual({ group: 0, index: 0 });
});

it("leaves other keys to others", () => expect(move("a", 0, 0)).toBeNull());
