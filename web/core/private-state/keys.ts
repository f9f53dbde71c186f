import { concatBytes, u64 } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { label } from "../../../workers/protocol/labels.ts";
import type { KemSecret } from "../crypto/kem.ts";
import { type Random, hkdf, hmacSha512, openRecord, sealRecord } from "../crypto/primitives.ts";
import { pad, unpad } from "../messages/padding.ts";
import { CoreError } from "../errors.ts";

interface GenerationKeys {
  readonly value: Uint8Array;
  readonly name: Uint8Array;
}

/** K9: keys of the account's own records, one pair for each user-key generation. */
export interface PrivateKeys {
  readonly account: Uint8Array;
  readonly generations: readonly GenerationKeys[];
}

/** Derived once after unlocking; no KEM operation is needed afterwards. */
export const privateKeys = (account: Uint8Array, userKeys: readonly KemSecret[]): PrivateKeys => ({
  account,
  generations: userKeys.map(({ seed }) => ({
    value: hkdf(seed, label("private-state"), 32),
    name: hkdf(seed, label("private-name"), 64),
  })),
});

/** The server's key of a record, and the version it will have (compare-and-swap: the one replaced + 1). */
export interface RecordPlace {
  readonly name: Uint8Array;
  readonly version: number;
}

const HEADER = 8;
const aad = (account: Uint8Array, { name, version }: RecordPlace): Uint8Array =>
  encodeCbor([account, name, version]);

function generationKeys(keys: PrivateKeys, generation: number): GenerationKeys {
  const found = keys.generations[generation - 1];
  if (!found) throw new CoreError("open_failed", `generation ${generation} is not held`);
  return found;
}

export const currentGeneration = (keys: PrivateKeys): number => keys.generations.length;

/** E8: the server sees an HMAC of what a record is about; 32 bytes. */
export function privateName(
  keys: PrivateKeys,
  about: readonly [kind: string, id: Uint8Array | null],
  generation: number = currentGeneration(keys),
): Uint8Array {
  const { name } = generationKeys(keys, generation);
  return hmacSha512(name, concatBytes(label("private-name"), encodeCbor(about))).slice(0, 32);
}

/** E8, K9: generation || nonce || ciphertext of the padded record (M8), bound to account, name and version. */
export function sealPrivate(
  random: Random,
  keys: PrivateKeys,
  place: RecordPlace,
  plaintext: Uint8Array,
): Uint8Array {
  const generation = currentGeneration(keys);
  const { value } = generationKeys(keys, generation);
  const sealed = sealRecord(random, value, pad(plaintext), aad(keys.account, place));
  return concatBytes(u64(generation), sealed);
}

/** Inverse of {@link sealPrivate}. Throws CoreError `open_failed` (E5). */
export function openPrivate(
  keys: PrivateKeys,
  place: RecordPlace,
  sealed: Uint8Array,
): { readonly plaintext: Uint8Array; readonly generation: number } {
  if (sealed.length < HEADER) throw new CoreError("open_failed");
  const head = sealed.subarray(0, HEADER);
  const generation = head.reduce((sum, byte) => sum * 256 + byte, 0);
  const { value } = generationKeys(keys, generation);
  const padded = openRecord(value, sealed.subarray(HEADER), aad(keys.account, place));
  return { plaintext: unpad(padded), generation };
}
