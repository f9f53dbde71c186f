import fc from "fast-check";
import { expect, test } from "vitest";
import { leftBehind } from "./left-behind.ts";

test("what was typed behind the message stays, to the letter", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (message, typed) => {
      expect(leftBehind(message + typed, message)).toBe(typed);
    }),
  );
});

test("letters taken away from the message were sent with it: nothing stays", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (message, length) => {
      expect(leftBehind(message.slice(0, length), message)).toBe("");
    }),
  );
});

test("what has nothing to do with the message stays whole", () => {
  expect(leftBehind("another", "one")).toBe("another");
  expect(leftBehind("oned", "one")).toBe("d");
  expect(leftBehind("an", "one")).toBe("an");
});
