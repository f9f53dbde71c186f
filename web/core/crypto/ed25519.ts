import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import type { Purpose } from "../../../workers/protocol/labels.ts";
import {
  type Ed25519Verifier,
  nobleVerifier,
  signingInput,
} from "../../../workers/protocol/signing.ts";
import { STRICTNESS } from "./ed25519-vectors.ts";

/** Signs `"thyme/v1/<purpose>\0" || bytes` (E2). */
export interface Signer {
  sign(purpose: Purpose, bytes: Uint8Array): Promise<Uint8Array>;
}

/** A signer made of a seed, with the key that verifies it. */
export interface SeedSigner extends Signer {
  readonly publicKey: Uint8Array;
}

/** What WebCrypto takes: bytes that no other thread can change meanwhile. */
type Bytes = Uint8Array<ArrayBuffer>;

/** The part of SubtleCrypto that is used, so that this folder needs no platform types. */
export interface SubtleEd25519<Key> {
  importKey(
    format: "raw" | "pkcs8",
    data: Bytes,
    algorithm: { readonly name: "Ed25519" },
    extractable: boolean,
    usages: ("sign" | "verify")[],
  ): Promise<Key>;
  sign(algorithm: { readonly name: "Ed25519" }, key: Key, data: Bytes): Promise<ArrayBuffer>;
  verify(
    algorithm: { readonly name: "Ed25519" },
    key: Key,
    signature: Bytes,
    data: Bytes,
  ): Promise<boolean>;
}

const isPlain = (bytes: Uint8Array): bytes is Bytes => bytes.buffer instanceof ArrayBuffer;
const plain = (bytes: Uint8Array): Bytes => (isPlain(bytes) ? bytes : new Uint8Array(bytes));

/** Signing and verifying of one platform. */
export interface Ed25519 {
  readonly verifier: Ed25519Verifier;
  signer(seed: Uint8Array): Promise<SeedSigner>;
}

const ALGORITHM = { name: "Ed25519" } as const;
/** PKCS8 header of an Ed25519 seed (RFC 8410 section 7). */
const PKCS8 = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);

/** Signing and strict verification by noble, for platforms without Ed25519. */
export const nobleEd25519: Ed25519 = {
  verifier: nobleVerifier,
  signer(seed) {
    const sign = (purpose: Purpose, bytes: Uint8Array) =>
      Promise.resolve(ed25519.sign(signingInput(purpose, bytes), seed));
    return Promise.resolve({ publicKey: ed25519PublicKey(seed), sign });
  },
};

/** Imported public keys that are kept; a practitioner's 500 conversations fit with room. */
const CACHED_KEYS = 2048;

/** Verification by the platform; each public key is imported once (E7). */
function webCryptoVerifier<Key>(subtle: SubtleEd25519<Key>): Ed25519Verifier {
  const imported = new Map<string, Promise<Key>>();
  const keyOf = (publicKey: Uint8Array): Promise<Key> => {
    const id = toBase64url(publicKey);
    const known = imported.get(id);
    if (known) return known;
    if (imported.size >= CACHED_KEYS) imported.clear();
    const key = subtle.importKey("raw", plain(publicKey), ALGORITHM, false, ["verify"]);
    imported.set(id, key);
    // A failure may be of the moment: kept, it would refuse this key's signatures until the next start.
    key.catch(() => imported.delete(id));
    return key;
  };
  return {
    async verify(publicKey, message, signature) {
      if (signature.length !== 64) return false;
      try {
        const key = await keyOf(publicKey);
        return await subtle.verify(ALGORITHM, key, plain(signature), plain(message));
      } catch {
        return false;
      }
    },
  };
}

/** Ed25519 of the platform's WebCrypto. Use {@link chooseEd25519}, which tests its strictness first. */
export function webCryptoEd25519<Key>(subtle: SubtleEd25519<Key>): Ed25519 {
  return {
    verifier: webCryptoVerifier(subtle),
    async signer(seed) {
      const pkcs8 = plain(concatBytes(PKCS8, seed));
      const key = await subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
      pkcs8.fill(0);
      const sign = async (purpose: Purpose, bytes: Uint8Array) =>
        new Uint8Array(await subtle.sign(ALGORITHM, key, plain(signingInput(purpose, bytes))));
      return { publicKey: ed25519PublicKey(seed), sign };
    },
  };
}

/** E7: whether an implementation signs as RFC 8032 says and verifies as strictly as noble does here. */
export async function isStrictEd25519(platform: Ed25519): Promise<boolean> {
  try {
    const signer = await platform.signer(STRICTNESS.seed);
    const signature = await signer.sign("sign-envelope", STRICTNESS.bytes);
    if (toBase64url(signature) !== toBase64url(STRICTNESS.signature)) return false;
    const message = signingInput("sign-envelope", STRICTNESS.bytes);
    const accepts = (s: Uint8Array) => platform.verifier.verify(signer.publicKey, message, s);
    if (!(await accepts(STRICTNESS.signature))) return false;
    const lax = await Promise.all(STRICTNESS.refused.map(accepts));
    return !lax.includes(true);
  } catch {
    return false;
  }
}

/** E7: the platform's Ed25519 where it is there and strict, else noble's. */
export async function chooseEd25519<Key>(subtle: SubtleEd25519<Key> | null): Promise<Ed25519> {
  if (!subtle) return nobleEd25519;
  const platform = webCryptoEd25519(subtle);
  return (await isStrictEd25519(platform)) ? platform : nobleEd25519;
}
