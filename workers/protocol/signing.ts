import { ed25519 } from "@noble/curves/ed25519.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes } from "./bytes.ts";
import { type Purpose, label } from "./labels.ts";

/** The platform's Ed25519 (WebCrypto), passed in so that this folder needs no platform types. */
export interface Ed25519Verifier {
  /** Plain RFC 8032 verification; admission of the key has been done before. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** What a signature covers: `"thyme/v1/<purpose>\0" || bytes as transmitted` (E2). */
export const signingInput = (purpose: Purpose, transmitted: Uint8Array): Uint8Array =>
  concatBytes(label(purpose), transmitted);

const ORDER = ed25519.Point.Fn.ORDER;

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** E7: the key is canonical and generates the prime-order group (no small or mixed order). */
export function isAdmissibleSigningKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return equalBytes(point.toBytes(), publicKey) && !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}

const ML_KEM_Q = 3329;
const ML_KEM_VECTOR = 1152;
const SOME_SCALAR = new Uint8Array(32).fill(0x42);

/** E7: an X-Wing public key whose ML-KEM coefficients are reduced and whose X25519 part has no small order. */
export function isAdmissibleKemKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 1216) return false;
  for (let i = 0; i < ML_KEM_VECTOR; i += 3) {
    const [a = 0, b = 0, c = 0] = publicKey.subarray(i, i + 3);
    if ((a | ((b & 15) << 8)) >= ML_KEM_Q || ((b >> 4) | (c << 4)) >= ML_KEM_Q) return false;
  }
  try {
    x25519.getSharedSecret(SOME_SCALAR, publicKey.subarray(1184));
    return true;
  } catch {
    return false;
  }
}

/** E7 without WebCrypto: S < L, R' = [S]B - [k]A, R' compared with R as bytes (no cofactor). */
export const nobleVerifier: Ed25519Verifier = {
  verify(publicKey, message, signature) {
    try {
      if (signature.length !== 64) return Promise.resolve(false);
      const r = signature.subarray(0, 32);
      const s = littleEndian(signature.subarray(32));
      if (s >= ORDER) return Promise.resolve(false);
      const a = ed25519.Point.fromBytes(publicKey, false);
      const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % ORDER;
      const sb = s === 0n ? ed25519.Point.ZERO : ed25519.Point.BASE.multiplyUnsafe(s);
      const ka = k === 0n ? ed25519.Point.ZERO : a.multiplyUnsafe(k);
      return Promise.resolve(equalBytes(sb.subtract(ka).toBytes(), r));
    } catch {
      return Promise.resolve(false);
    }
  },
};

/** Strict verification of `bytes` as transmitted (E2, E7). Never throws for bad input. */
export async function verifySigned(
  verifier: Ed25519Verifier,
  purpose: Purpose,
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64 || !isAdmissibleSigningKey(publicKey)) return false;
  return verifier.verify(publicKey, signingInput(purpose, bytes), signature);
}
