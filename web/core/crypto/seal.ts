import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import type { EpochSealContext, GrantSealContext } from "../../../workers/protocol/bundle.ts";
import { label } from "../../../workers/protocol/labels.ts";
import type { EarlierSealContext, SealContext } from "../../../workers/protocol/manifest.ts";
import { KEM_CIPHERTEXT, type KemKey, decapsulate, encapsulate } from "./kem.ts";
import { type Random, hkdf, openOnce, sealOnce, sha256 } from "./primitives.ts";

/** The context that each purpose binds, encoded as CBOR (K5, K7, C2). */
interface SealContexts {
  "seal/device": SealContext;
  "seal/unlock": SealContext;
  "seal/earlier": EarlierSealContext;
  "seal/epoch": EpochSealContext;
  "seal/grant": GrantSealContext;
  "seal/test": readonly [];
}
export type SealPurpose = keyof SealContexts;

/** E6: binds purpose, ciphertext, recipient and context into the key. */
function sealKey(
  purpose: SealPurpose,
  secret: Uint8Array,
  ciphertext: Uint8Array,
  publicKey: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  const bound = sha256(concatBytes(label("seal-context"), ciphertext, publicKey, context));
  return hkdf(secret, concatBytes(label(purpose), bound), 32);
}

/** E6: seals to an X-Wing public key that was admitted (E7). Authenticates nobody. */
export function seal<Purpose extends SealPurpose>(
  random: Random,
  publicKey: Uint8Array,
  purpose: Purpose,
  context: SealContexts[Purpose],
  plaintext: Uint8Array,
): Uint8Array {
  const bound = encodeCbor(context);
  const { ciphertext, secret } = encapsulate(random, publicKey);
  const key = sealKey(purpose, secret, ciphertext, publicKey, bound);
  return concatBytes(ciphertext, sealOnce(key, plaintext, bound));
}

/** Opens a seal made for this key, purpose and context. Throws CoreError `open_failed`, whatever the cause (E5). */
export function openSeal<Purpose extends SealPurpose>(
  key: KemKey,
  purpose: Purpose,
  context: SealContexts[Purpose],
  sealed: Uint8Array,
): Uint8Array {
  const bound = encodeCbor(context);
  const ciphertext = sealed.subarray(0, KEM_CIPHERTEXT);
  const secret = decapsulate(key, ciphertext);
  return openOnce(
    sealKey(purpose, secret, ciphertext, key.publicKey, bound),
    sealed.subarray(KEM_CIPHERTEXT),
    bound,
  );
}
