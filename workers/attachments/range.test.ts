import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Part, partOf } from "./range.ts";

const some = (offset: number, length: number): Part => ({ kind: "some", offset, length });
const whole: Part = { kind: "whole" };
const none: Part = { kind: "none" };

describe("F2 the range of a file that is asked for", () => {
  test.each<[string | null, Part]>([
    [null, whole],
    ["bytes=0-0", some(0, 1)],
    ["bytes=0-99", some(0, 100)],
    ["bytes=10-", some(10, 90)],
    ["bytes=10-5000", some(10, 90)],
    ["bytes=99-99", some(99, 1)],
    ["BYTES=1-2", some(1, 2)],
    ["bytes=-1", some(99, 1)],
    ["bytes=-500", some(0, 100)],
  ])("%s is served", (header, part) => {
    expect(partOf(header, 100)).toEqual(part);
  });

  test.each(["bytes=100-", "bytes=100-200", "bytes=5000-", "bytes=-0"])(
    "%s does not exist",
    (header) => {
      expect(partOf(header, 100)).toEqual(none);
    },
  );

  test.each([
    "bytes=",
    "bytes=-",
    "bytes=5-4",
    "bytes=0-1,3-4",
    "items=0-1",
    "bytes=a-b",
    "",
    "0-1",
  ])("%s is no range of ours: the whole file", (header) => {
    expect(partOf(header, 100)).toEqual(whole);
  });

  test("whatever is asked, no byte beyond the file is read, and no range is empty", () => {
    const number = fc.oneof(fc.nat(200).map(String), fc.constant(""), fc.constant("9".repeat(15)));
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 150 }), (first, last, size) => {
        const part = partOf(`bytes=${first}-${last}`, size);
        if (part.kind !== "some") return;
        expect(part.length).toBeGreaterThan(0);
        expect(part.offset).toBeGreaterThanOrEqual(0);
        expect(part.offset + part.length).toBeLessThanOrEqual(size);
      }),
    );
  });
});
