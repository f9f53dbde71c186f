import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { type Random, openRecord, sealRecord } from "../crypto/primitives.ts";

/** A key of the local store, as IndexedDB takes it: text, a number, or a list of these. */
export type LocalKey = string | number | readonly (string | number)[];

/** K8, E8: a value for the local store, synchronous, bound to its store and key. */
export const sealLocal = (
  random: Random,
  localKey: Uint8Array,
  store: string,
  key: LocalKey,
  plaintext: Uint8Array,
): Uint8Array => sealRecord(random, localKey, plaintext, encodeCbor([store, key]));

/** Inverse of {@link sealLocal}. Throws CoreError `open_failed`. */
export const openLocal = (
  localKey: Uint8Array,
  store: string,
  key: LocalKey,
  sealed: Uint8Array,
): Uint8Array => openRecord(localKey, sealed, encodeCbor([store, key]));
