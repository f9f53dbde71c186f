import { afterEach, expect, test } from "vitest";
import { decodePortably, fromBase64url, hasCanonicalEnd } from "./base64url.ts";

const { fromBase64 } = Uint8Array;

/** A platform that takes whatever Buffer takes, as browsers' own decoding is looser than ours. */
const withLoosePlatform = () =>
  Object.assign(Uint8Array, {
    fromBase64: (text: string) => new Uint8Array(Buffer.from(text, "base64")),
  });

afterEach(() => Object.assign(Uint8Array, { fromBase64 }));

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

test("an end is canonical exactly when encoding what it says gives it again", () => {
  for (const start of ["A", "_-", "ABCDE", "ABCDEF"]) {
    for (const last of LETTERS) {
      const text = start + last;
      const again = Buffer.from(text, "base64url").toString("base64url");
      expect(hasCanonicalEnd(text), text).toBe(again === text);
    }
  }
  expect(hasCanonicalEnd("A")).toBe(false);
  expect(hasCanonicalEnd("")).toBe(true);
});

test.each(["AA==", "A A", "A+/A", "AB", "AAB", "A", "AA\n", "ä"])(
  "%j is refused, also where the platform would take it",
  (text) => {
    expect(() => decodePortably(text)).toThrow(RangeError);
    withLoosePlatform();
    expect(() => fromBase64url(text)).toThrow(RangeError);
  },
);

test("what is canonical is the same bytes by either way (control)", () => {
  withLoosePlatform();
  for (const text of ["", "AA", "_-8", "AQID", "AQIDBA"]) {
    expect(fromBase64url(text)).toEqual(decodePortably(text));
  }
});
