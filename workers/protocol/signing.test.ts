import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { concatBytes } from "./bytes.ts";
import { makeDevice, makeKemPublic } from "./manifest.test-kit.ts";
import { REFUSED, VALID, describeVerifier } from "./signing-suite.test-kit.ts";
import {
  isAdmissibleKemKey,
  isAdmissibleSigningKey,
  nobleVerifier,
  signingInput,
} from "./signing.ts";

describeVerifier("noble", nobleVerifier);

test("E7 the equation alone would take keys of small and mixed order: admission refuses them", async () => {
  for (const { name, key, bytes, signature } of REFUSED.filter((v) =>
    v.name.startsWith("key of"),
  )) {
    const message = signingInput("sign-envelope", bytes);
    expect(await nobleVerifier.verify(key, message, signature), name).toBe(true);
    expect(isAdmissibleSigningKey(key), name).toBe(false);
  }
  expect(isAdmissibleSigningKey(VALID.key)).toBe(true);
});

describe("E7 admission of X-Wing keys", () => {
  const key = makeKemPublic();
  const withX25519 = (point: Uint8Array) => concatBytes(key.subarray(0, 1184), point);

  test("E7 takes what keygen makes", () => {
    expect(isAdmissibleKemKey(key)).toBe(true);
    expect(isAdmissibleKemKey(makeDevice().kemPub)).toBe(true);
  });

  test("E7 refuses another length", () => {
    expect(isAdmissibleKemKey(key.subarray(1))).toBe(false);
    expect(isAdmissibleKemKey(concatBytes(key, Uint8Array.of(0)))).toBe(false);
  });

  test("E7 refuses coefficients that are not reduced, in either half of three bytes", () => {
    const low = Uint8Array.from(key);
    low.set([0x01, 0x0d, 0x00], 0);
    expect(isAdmissibleKemKey(low)).toBe(false);
    const high = Uint8Array.from(key);
    high.set([0x00, 0x10, 0xd0], 1149);
    expect(isAdmissibleKemKey(high)).toBe(false);
    const noise = concatBytes(randomBytes(1152).fill(255), key.subarray(1152));
    expect(isAdmissibleKemKey(noise)).toBe(false);
  });

  test("E7 refuses an X25519 part of small order", () => {
    expect(isAdmissibleKemKey(withX25519(new Uint8Array(32)))).toBe(false);
    expect(isAdmissibleKemKey(withX25519(new Uint8Array(32).fill(1, 0, 1)))).toBe(false);
    expect(isAdmissibleKemKey(withX25519(key.subarray(1184)))).toBe(true);
  });
});
