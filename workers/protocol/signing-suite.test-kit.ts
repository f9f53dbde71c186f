import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { concatBytes, toBase64url } from "./bytes.ts";
import { type Ed25519Verifier, signingInput, verifySigned } from "./signing.ts";

const { Point } = ed25519;
const { Fn } = Point;
const SEED = new Uint8Array(32).fill(7);
const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(SEED);

const fromLittleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function toLittleEndian(value: bigint): Uint8Array {
  const out = new Uint8Array(32);
  for (let i = 0, rest = value; i < 32; i++, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  Fn.create(fromLittleEndian(sha512(concatBytes(r, key, message))));

interface Vector {
  readonly name: string;
  readonly key: Uint8Array;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

const message = (bytes: Uint8Array) => signingInput("sign-envelope", bytes);
const BYTES = new Uint8Array(64).fill(9);
const R = 12_345n;

/** A signature by `a` whose R is `encodedR`, the encoding of [r]B plus whatever the case adds. */
function signature(key: Uint8Array, a: bigint, encodedR: Uint8Array, r: bigint, bytes = BYTES) {
  const k = challenge(encodedR, key, message(bytes));
  return concatBytes(encodedR, toLittleEndian(Fn.create(r + k * a)));
}

/** Looks for bytes whose challenge is a multiple of 8, so that a torsion component of the key vanishes. */
function tamed(name: string, key: Uint8Array, a: bigint): Vector {
  const encodedR = Point.BASE.multiply(R).toBytes();
  for (let i = 0; i < 256; i++) {
    const bytes = new Uint8Array(8).fill(i);
    if (challenge(encodedR, key, message(bytes)) % 8n !== 0n) continue;
    return { name, key, bytes, signature: signature(key, a, encodedR, R, bytes) };
  }
  throw new RangeError("no suitable bytes");
}

const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex, true));
const ORDER_8 = torsion.find((point) => !point.multiplyUnsafe(4n).is0()) ?? Point.ZERO;
const NON_CANONICAL_ZERO = hexToBytes(`ee${"ff".repeat(30)}7f`);
const NEGATIVE_ZERO = hexToBytes(`01${"00".repeat(30)}80`);

export const VALID: Vector = {
  name: "an honest signature",
  key: pointBytes,
  bytes: BYTES,
  signature: ed25519.sign(message(BYTES), SEED),
};

function altered(name: string, change: Partial<Vector>): Vector {
  return { ...VALID, name, ...change };
}

const good = VALID.signature;
const plusOrder = toLittleEndian(fromLittleEndian(good.subarray(32)) + Fn.ORDER);
const mixedR = Point.BASE.multiply(R).add(ORDER_8).toBytes();
const mixedKey = Point.fromBytes(pointBytes).add(ORDER_8).toBytes();

/** Each of these some verifier takes: a lenient, a cofactored, or one that admits any key. */
export const REFUSED: readonly Vector[] = [
  altered("another bit in R", {
    signature: concatBytes(Uint8Array.of((good[0] ?? 0) ^ 1), good.subarray(1)),
  }),
  altered("other bytes", { bytes: new Uint8Array(64).fill(8) }),
  altered("S + L", { signature: concatBytes(good.subarray(0, 32), plusOrder) }),
  altered("R of mixed order", { signature: signature(pointBytes, scalar, mixedR, R) }),
  ...torsion.map((point, i) =>
    altered(`R of small order, ${i}`, {
      signature: signature(
        pointBytes,
        scalar,
        point.is0() ? NON_CANONICAL_ZERO : point.toBytes(),
        0n,
      ),
    }),
  ),
  altered("R = -0", { signature: signature(pointBytes, scalar, NEGATIVE_ZERO, 0n) }),
  ...torsion.map((point, i) => tamed(`key of small order, ${i}`, point.toBytes(), 0n)),
  tamed("key of mixed order", mixedKey, scalar),
  tamed("key 0 in a non-canonical encoding", NON_CANONICAL_ZERO, 0n),
  tamed("key -0", NEGATIVE_ZERO, 0n),
  altered("a key that is no point", { key: new Uint8Array(32).fill(2) }),
  altered("a short key", { key: pointBytes.subarray(1) }),
  altered("a short signature", { signature: good.subarray(1) }),
  altered("a long signature", { signature: concatBytes(good, Uint8Array.of(0)) }),
  altered("no signature", { signature: new Uint8Array() }),
];

/** E7: both verifiers pass the same vectors. */
export function describeVerifier(name: string, verifier: Ed25519Verifier): void {
  const verify = ({ key, bytes, signature: by }: Vector) =>
    verifySigned(verifier, "sign-envelope", key, bytes, by);

  describe(`E7 ${name}`, () => {
    test("E2 E7 accepts an honest signature", async () => {
      expect(await verify(VALID)).toBe(true);
    });

    test("E2 a signature is good for its purpose only", async () => {
      const { key, bytes, signature: by } = VALID;
      expect(await verifySigned(verifier, "sign-bundle", key, bytes, by)).toBe(false);
    });

    test.each(REFUSED)("E7 refuses $name", async (vector) => {
      expect(await verify(vector)).toBe(false);
    });

    test("E7 accepts what noble signs, and none of it under another key", async () => {
      for (let i = 0; i < 20; i++) {
        const seed = new Uint8Array(32).fill(i);
        const key = ed25519.getPublicKey(seed);
        const bytes = new Uint8Array(i).fill(i);
        const by = ed25519.sign(message(bytes), seed);
        expect(await verify({ name: "", key, bytes, signature: by }), toBase64url(key)).toBe(true);
        expect(await verify({ name: "", key: VALID.key, bytes, signature: by })).toBe(i === 7);
      }
    });
  });
}
