import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePortably, encodePortably, fromBase64url, toBase64url } from "./base64url.ts";

/** The bytes, or the name of what was thrown. */
function outcome(decode: (text: string) => Uint8Array, text: string) {
  try {
    return [...decode(text)];
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
}

test("this platform has its own, so what follows compares two implementations", () => {
  expect(Uint8Array.fromBase64).toBeTypeOf("function");
  expect(Uint8Array.prototype.toBase64).toBeTypeOf("function");
});

test("both write the same and read it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toBe(encodePortably(bytes));
      expect(fromBase64url(text)).toEqual(bytes);
      expect(decodePortably(text)).toEqual(bytes);
    }),
  );
});

test.each([
  "",
  "A",
  "AB",
  "AA==",
  "AA=",
  "A A",
  " AA",
  "AA\n",
  "AA\t",
  "A+/A",
  "AB_-",
  "AAB",
  "ä",
  "AAAAA",
  "AA\0",
])("both judge %j alike", (text) => {
  expect(outcome(fromBase64url, text)).toEqual(outcome(decodePortably, text));
});

test("both judge every string alike", () => {
  const unit = fc.constantFrom(..."AQgwEB_-+/=9 \n\té");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 9 }), (text) => {
      expect(outcome(fromBase64url, text)).toEqual(outcome(decodePortably, text));
    }),
    { numRuns: 2_000 },
  );
});

test("two MiB there and back are the same bytes", () => {
  const bytes = Uint8Array.from({ length: 2 * 1024 * 1024 + 1 }, (_, i) => (i * 7919) & 255);
  const text = toBase64url(bytes);
  expect(text).toBe(encodePortably(bytes));
  const back = fromBase64url(text);
  expect(back.length).toBe(bytes.length);
  expect(back.every((byte, i) => byte === bytes[i])).toBe(true);
});
