import { expect, test } from "vitest";
import { holdArrivals } from "./arrival-hold.ts";

const opening = { cursor: 10, until: 3_000 };
const known = (cursor: number, lastSeq: number, unread: number) => ({
  cursor,
  lastSeq,
  unread,
  readSeq: 10,
});

test("what arrives is held until all of it is here", () => {
  expect(holdArrivals(opening, known(10, 10, 0), false, 100).kind).toBe("hold");
  expect(holdArrivals(opening, known(12, 14, 2), true, 100).kind).toBe("hold");
  expect(holdArrivals(opening, known(12, 12, 2), false, 100).kind).toBe("hold");
});

test("what came while nobody looked is divided from what was read", () => {
  expect(holdArrivals(opening, known(14, 14, 4), true, 100)).toEqual({ kind: "divide", from: 11 });
});

test("own messages and nothing at all divide nothing", () => {
  expect(holdArrivals(opening, known(10, 10, 0), true, 100).kind).toBe("over");
  expect(holdArrivals(opening, known(12, 12, 0), true, 100).kind).toBe("over");
});

test("a slow network holds nothing back for long", () => {
  expect(holdArrivals(opening, known(12, 400, 2), false, 3_000)).toEqual({
    kind: "divide",
    from: 11,
  });
});
