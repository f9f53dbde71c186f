import { expect, test } from "vitest";
import { deviceLine, isClosable, stillClosed } from "./device-line.ts";

const fine = { clockAhead: false, health: "whole", madeRoom: false } as const;

test("nothing is said of a device that is well", () => {
  expect(deviceLine(fine, [])).toBeNull();
});

test("K2 that another device had to make room is said until it is closed", () => {
  const here = { ...fine, madeRoom: true };
  expect(deviceLine(here, [])).toBe("madeRoom");
  expect(isClosable("madeRoom")).toBe(true);
  expect(deviceLine(here, ["madeRoom"])).toBeNull();
  expect(stillClosed(here, ["madeRoom"])).toEqual(["madeRoom"]);
});

test("K2 it is said again when the next sign-in makes room", () => {
  expect(stillClosed(fine, ["madeRoom"])).toEqual([]);
});

test("T1 E1 what asks for something to be done comes before it, and what is fetched too", () => {
  const here = { ...fine, madeRoom: true };
  expect(deviceLine({ ...here, health: "lost" }, [])).toBe("lost");
  expect(deviceLine({ ...here, health: "mending" }, [])).toBe("mending");
  expect(deviceLine({ ...here, health: "mended" }, [])).toBe("mended");
  expect(deviceLine({ ...here, health: "mended" }, ["mended"])).toBe("madeRoom");
  expect(deviceLine({ ...here, health: "lost", clockAhead: true }, [])).toBe("setClock");
});

test("E1 the next damage is said again", () => {
  expect(stillClosed({ ...fine, health: "mended" }, ["mended"])).toEqual(["mended"]);
  expect(stillClosed({ ...fine, health: "mending" }, ["mended"])).toEqual([]);
});
