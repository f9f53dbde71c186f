import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes, fromBase64url, prefixed, toBase64url, u64 } from "./bytes.ts";
import { base64url, base64urlOf } from "./fields.ts";

describe("E5 comparison of secrets", () => {
  test("E5 equal exactly when every byte is", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(equalBytes(a, b)).toBe(toBase64url(a) === toBase64url(b));
        expect(equalBytes(a, Uint8Array.from(a))).toBe(true);
      }),
    );
  });

  test("E5 one differing bit anywhere makes a difference, a prefix is not equal", () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
    for (let bit = 0; bit < 256; bit++) {
      const other = Uint8Array.from(secret);
      other[bit >> 3]! ^= 1 << (bit & 7);
      expect(equalBytes(secret, other)).toBe(false);
    }
    expect(equalBytes(secret, secret.subarray(0, 31))).toBe(false);
    expect(equalBytes(secret.subarray(0, 31), secret)).toBe(false);
  });

  test("E5 looks at every byte whether or not an earlier one differs", () => {
    const reads = (differing: number) => {
      let count = 0;
      const bytes = new Proxy(new Uint8Array(32), {
        get(target, key) {
          if (typeof key === "string" && /^\d+$/.test(key)) count++;
          return key === "length" ? 32 : Reflect.get(target, key, target);
        },
      });
      const other = new Uint8Array(32);
      if (differing >= 0) other[differing] = 1;
      expect(equalBytes(bytes, other)).toBe(differing < 0);
      return count;
    };
    expect(new Set([-1, 0, 15, 31].map(reads))).toEqual(new Set([32]));
  });
});

describe("base64url (RFC 4648 section 5)", () => {
  test("round trip, as Node writes it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64url(text)).toEqual(bytes);
        expect(base64url(200).safeParse(text).success).toBe(true);
        expect(base64urlOf(bytes.length).safeParse(text).success).toBe(true);
      }),
    );
  });

  test("one text for equal bytes: decoder and schema agree on every string", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQgwEB_-+/=9"), maxLength: 9 }), (text) => {
        let isDecoded = true;
        try {
          expect(toBase64url(fromBase64url(text))).toBe(text);
        } catch {
          isDecoded = false;
        }
        expect(base64url(100).safeParse(text).success).toBe(isDecoded);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test("a schema of fixed length takes no other length", () => {
    expect(base64urlOf(32).safeParse(toBase64url(new Uint8Array(32))).success).toBe(true);
    expect(base64urlOf(32).safeParse(toBase64url(new Uint8Array(31))).success).toBe(false);
    expect(base64urlOf(32).safeParse(toBase64url(new Uint8Array(33))).success).toBe(false);
    expect(base64url(32).safeParse(toBase64url(new Uint8Array(34))).success).toBe(false);
  });
});

describe("E3 integers and strings under a label", () => {
  test("E3 u64 is big-endian and takes only safe non-negative integers", () => {
    expect(toBase64url(u64(258))).toBe(toBase64url(Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 2])));
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => u64(bad)).toThrow(RangeError);
  });

  test("E3 a prefixed string cannot run into its neighbour", () => {
    const pair = (a: string, b: string) =>
      toBase64url(Buffer.concat([prefixed(Buffer.from(a)), prefixed(Buffer.from(b))]));
    expect(pair("ab", "c")).not.toBe(pair("a", "bc"));
  });
});
