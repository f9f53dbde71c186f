import { hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { ProtocolError } from "./errors.ts";

const refusal = (bytes: Uint8Array, schema: z.ZodMiniType = z.unknown(), cap = 1_000) => {
  try {
    decodeCbor(bytes, schema, cap);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return null;
};

const scalar = fc.oneof(
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Number.isInteger(x)),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 64 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

describe("E1 one deterministic codec", () => {
  test("E1 what is encoded decodes to the same value, and encodes to the same bytes", () => {
    fc.assert(
      fc.property(value, (original) => {
        const bytes = encodeCbor(original);
        const decoded = decodeCbor(bytes, z.unknown(), 1_000_000);
        expect(decoded).toEqual(original);
        expect(encodeCbor(decoded)).toEqual(bytes);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("E1 any other bytes are refused, never misread: what is accepted encodes to the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        if (refusal(bytes) === null) {
          expect(encodeCbor(decodeCbor(bytes, z.unknown(), 40))).toEqual(bytes);
        }
      }),
      { numRuns: 5_000, seed: 2 },
    );
  });

  test.each([
    ["keys in another order", "a2616201616102"],
    ["keys by length before bytes, as RFC 7049 sorted", "a262616101616202"],
    ["an integer longer than needed", "1801"],
    ["an integer of 8 bytes that fits 4", "1b0000000000000001"],
    ["a length longer than needed", "580141"],
    ["a float longer than needed", "fb3ff8000000000000"],
    ["an integral float", "f93c00"],
    ["an array of indefinite length", "9f01ff"],
    ["a byte string of indefinite length", "5f4101ff"],
    ["a map of indefinite length", "bf616101ff"],
    ["a tag", "c249010000000000000000"],
    ["a tagged date", "c000"],
    ["undefined", "f7"],
    ["NaN", "f97e00"],
    ["infinity", "f97c00"],
    ["a simple value", "e0"],
    ["a key given twice", "a2616101616102"],
    ["an integer beyond 2^53", "1bffffffffffffffff"],
    ["bytes after the value", "0100"],
    ["a value cut short", "42aa"],
    ["nothing", ""],
  ])("E1 refuses %s", (_, hex) => {
    expect(refusal(hexToBytes(hex))).toBe("bad_request");
  });

  test.each([
    ["a map in order", "a2616101616202"],
    ["the shortest float", "f93e00"],
    ["a byte string", "42aabb"],
  ])("E1 accepts %s", (_, hex) => {
    expect(refusal(hexToBytes(hex))).toBeNull();
  });

  test("E1 the size cap comes first, the schema last", () => {
    const bytes = encodeCbor({ a: 1 });
    const schema = z.strictObject({ a: z.literal(1) });
    expect(refusal(bytes, schema, bytes.length)).toBeNull();
    expect(refusal(bytes, schema, bytes.length - 1)).toBe("too_large");
    expect(refusal(encodeCbor({ a: 1, b: 2 }), schema)).toBe("bad_request");
  });

  test("E1 deep nesting is refused, not a crash", () => {
    expect(refusal(new Uint8Array(100_000).fill(0x81), z.unknown(), 100_000)).toBe("bad_request");
  });
});
