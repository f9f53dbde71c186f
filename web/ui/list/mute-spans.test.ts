import { expect, it } from "vitest";
import { muteEnd } from "./mute-spans.ts";

const at = (...parts: [number, number, number, number, number]): number =>
  new Date(...parts).getTime();

it("a mute ends in an hour, at eight the next morning, in a week, or never", () => {
  const now = at(2026, 10, 30, 22, 15);
  expect(muteEnd("hour", now)).toBe(at(2026, 10, 30, 23, 15));
  expect(muteEnd("tomorrow", now)).toBe(at(2026, 11, 1, 8, 0));
  expect(muteEnd("week", now)).toBe(at(2026, 11, 7, 22, 15));
  expect(muteEnd("always", now)).toBe("always");
});

it("tomorrow is the next day by the calendar, shortly after midnight too", () => {
  expect(muteEnd("tomorrow", at(2026, 11, 31, 0, 5))).toBe(at(2027, 0, 1, 8, 0));
});
