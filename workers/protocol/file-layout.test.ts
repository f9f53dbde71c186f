import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestSealed, partCount, partLength, sealedLength } from "./file-layout.ts";
import { LIMITS } from "./limits.ts";
import { paddedLength } from "./padded-length.ts";

const MIB = 1024 * 1024;
const bytes = fc.integer({ min: 1, max: largestSealed(LIMITS.fileBytesMax) });

describe("the parts of a file", () => {
  test("F1 a part is eight sealed chunks", () => {
    expect(LIMITS.filePart).toBe(8_388_736);
    expect(LIMITS.filePart).toBe(8 * (MIB + 16));
  });

  test("F1 parts are equal, the last is no larger, none is empty, and they are all of the bytes", () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const count = partCount(all);
        const lengths = Array.from({ length: count }, (_, i) => partLength(all, i + 1));
        expect(lengths.slice(0, -1).every((length) => length === LIMITS.filePart)).toBe(true);
        expect(lengths.at(-1)).toBeGreaterThan(0);
        expect(lengths.at(-1)).toBeLessThanOrEqual(LIMITS.filePart);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(all);
        expect(partLength(all, count + 1)).toBe(0);
      }),
    );
  });

  test("F1 there is no part 0, none below it and none between two", () => {
    for (const part of [0, -1, 1.5, Number.NaN]) expect(partLength(100, part)).toBe(0);
    expect(partLength(100, 1)).toBe(100);
  });

  test("F1 eight chunks with their trailer are two parts, of which the second is the trailer", () => {
    const all = sealedLength(8 * MIB);
    expect(partCount(all)).toBe(2);
    expect(partLength(all, 2)).toBe(8 * 32);
    expect(partCount(sealedLength(7 * MIB))).toBe(1);
  });
});

describe("what a file comes to", () => {
  test("F1 a sealed chunk has a tag, and a hash in the trailer", () => {
    expect(sealedLength(1)).toBe(49);
    expect(sealedLength(MIB)).toBe(MIB + 48);
    expect(sealedLength(MIB + 1)).toBe(MIB + 1 + 96);
  });

  test("F1 no file within the limit comes to more than its largest", () => {
    const limit = fc.integer({ min: 1, max: LIMITS.fileBytesMax });
    fc.assert(
      fc.property(limit, fc.nat(), (most, some) => {
        const length = some % (most + 1);
        expect(sealedLength(paddedLength(length))).toBeLessThanOrEqual(largestSealed(most));
      }),
    );
  });
});
