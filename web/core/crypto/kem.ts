import { ml_kem768_x25519 as xwing } from "@noble/post-quantum/hybrid.js";
import { CoreError } from "../errors.ts";
import type { Random } from "./primitives.ts";

/** An X-Wing key: the 32-byte seed is the secret, the public key is 1,216 bytes. */
export interface KemKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** What has to be kept of an X-Wing key: the public key is derived from it. */
export type KemSecret = Pick<KemKey, "seed">;

export const KEM_CIPHERTEXT = 1120;

/** The X-Wing key of a seed. About 2 ms: keep the result. */
export function kemKey(seed: Uint8Array): KemKey {
  return { seed, publicKey: xwing.keygen(seed).publicKey };
}

const grown = new WeakMap<KemSecret, KemKey>();

/** The X-Wing key of a secret that is kept: its public key is derived when it is first needed, and once. */
export function kemKeyOf(secret: KemSecret): KemKey {
  const key = grown.get(secret) ?? kemKey(secret.seed);
  grown.set(secret, key);
  return key;
}

export const newKemKey = (random: Random): KemKey => kemKey(random.bytes(32));

/** Encapsulates to an admitted public key (E7); the 64 random bytes come from `random`. */
export function encapsulate(
  random: Random,
  publicKey: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly secret: Uint8Array } {
  const { cipherText, sharedSecret } = xwing.encapsulate(publicKey, random.bytes(64));
  return { ciphertext: cipherText, secret: sharedSecret };
}

/** Throws CoreError `open_failed` for a ciphertext that is malformed; a wrong one gives another secret. */
export function decapsulate(key: KemKey, ciphertext: Uint8Array): Uint8Array {
  try {
    return xwing.decapsulate(ciphertext, key.seed);
  } catch {
    throw new CoreError("open_failed");
  }
}
