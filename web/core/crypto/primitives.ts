import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand, hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { CoreError } from "../errors.ts";

export { sha256, utf8ToBytes };

/** Source of randomness, passed in: crypto.getRandomValues in the app, a seeded stream in tests. */
export interface Random {
  /** `length` fresh bytes, owned by the caller */
  bytes(length: number): Uint8Array;
}

/** HKDF-SHA-512 (RFC 5869). `info` starts with a label (E3); without salt, HashLen zeros are used. */
export const hkdf = (
  ikm: Uint8Array,
  info: Uint8Array,
  length: number,
  salt?: Uint8Array,
): Uint8Array => nobleHkdf(sha512, ikm, salt, info, length);

/** HKDF-Expand-SHA-512; `prk` is a 64-byte pseudorandom key (M2, E8). */
export const hkdfExpand = (prk: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
  expand(sha512, prk, info, length);

export const hmacSha512 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  hmac(sha512, key, message);

const ZERO_NONCE = new Uint8Array(12);
const XNONCE = 24;

/** ChaCha20-Poly1305 (RFC 8439) under nonce 0: `key` is used for this one text only (E8). */
export const sealOnce = (key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array =>
  chacha20poly1305(key, ZERO_NONCE, aad).encrypt(plaintext);

/** Inverse of {@link sealOnce}. Throws CoreError `open_failed`. */
export function openOnce(key: Uint8Array, ciphertext: Uint8Array, aad: Uint8Array): Uint8Array {
  try {
    return chacha20poly1305(key, ZERO_NONCE, aad).decrypt(ciphertext);
  } catch {
    throw new CoreError("open_failed");
  }
}

/** XChaCha20-Poly1305 under a random nonce, which goes first (E8). */
export function sealRecord(
  random: Random,
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  const nonce = random.bytes(XNONCE);
  const ciphertext = xchacha20poly1305(key, nonce, aad).encrypt(plaintext);
  const out = new Uint8Array(XNONCE + ciphertext.length);
  out.set(nonce);
  out.set(ciphertext, XNONCE);
  return out;
}

/** Inverse of {@link sealRecord}. Throws CoreError `open_failed`. */
export function openRecord(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array {
  try {
    const nonce = sealed.subarray(0, XNONCE);
    return xchacha20poly1305(key, nonce, aad).decrypt(sealed.subarray(XNONCE));
  } catch {
    throw new CoreError("open_failed");
  }
}
