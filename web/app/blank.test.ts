import { expect, test } from "vitest";
import { isBlank } from "./blank.ts";

test.each(["", "  \n\t", "\u200b", "\u2060 \ufeff", "\u200d"])("%j shows nothing", (text) => {
  expect(isBlank(text)).toBe(true);
});

test.each(["a", " . ", "\u200bx", "👩‍👧", "❤️", "0"])("%j shows something", (text) => {
  expect(isBlank(text)).toBe(false);
});
