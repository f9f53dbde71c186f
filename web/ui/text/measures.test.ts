import { expect, test } from "vitest";
import { fileSize, playTime } from "./measures.ts";

test("a size has two digits and the unit that fits", () => {
  expect(
    [0, 1, 640 * 1024, 4.84 * 1024 ** 2, 25 * 1024 ** 2, 3 * 1024 ** 3].map((n) =>
      fileSize("en", n),
    ),
  ).toEqual(["0 bytes", "1 byte", "640 kB", "4.8 MB", "25 MB", "3 GB"]);
  expect(fileSize("es", 4.84 * 1024 ** 2)).toBe("4,8 MB");
});

test("a time of a player is minutes and seconds", () => {
  expect([0, 9.9, 60, 725].map(playTime)).toEqual(["0:00", "0:09", "1:00", "12:05"]);
});
