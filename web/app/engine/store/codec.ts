import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { Random } from "../../../core/crypto/primitives.ts";
import { CoreError } from "../../../core/errors.ts";
import { openLocal, sealLocal } from "../../../core/local/record.ts";
import type { StoreName } from "../../../platform/database.ts";

export type RecordKey = string | [string, number];

/** Bytes of one record before it is sealed. */
export const LOCAL_CAP = 4 * 1024 * 1024;
/** No store of the database has this name. */
const ELSEWHERE = "elsewhere";

const nameOf = (key: RecordKey): string => (typeof key === "string" ? key : key.join("/"));

/** E1, K8: values as the device's store holds them; whatever is sealed can be opened again by its schema. */
export interface Codec {
  /** Throws CoreError `unstorable`: the schema or the cap would refuse it when it is read. */
  seal<T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    schema: T,
    value: z.input<T>,
  ): Uint8Array;
  /** Null: it does not open, or is not what the schema says. */
  open<T extends z.ZodMiniType>(
    store: StoreName,
    key: RecordKey,
    sealed: Uint8Array,
    schema: T,
  ): z.infer<T> | null;
  sealElsewhere(place: string, value: unknown): Uint8Array;
  openElsewhere<T extends z.ZodMiniType>(
    place: string,
    sealed: Uint8Array,
    schema: T,
  ): z.infer<T> | null;
}

/** The bytes of a value that were read back once. Throws CoreError `unstorable`. */
export function storableBytes<T extends z.ZodMiniType>(schema: T, value: z.input<T>): Uint8Array {
  try {
    const bytes = encodeCbor(value);
    // The reader's own way: what it would refuse must not be written.
    decodeCbor(bytes, schema, LOCAL_CAP);
    return bytes;
  } catch (cause) {
    throw new CoreError("unstorable", cause instanceof Error ? cause.message : "");
  }
}

export function createCodec(localKey: Uint8Array, random: Random): Codec {
  const opened = <T extends z.ZodMiniType>(
    store: string,
    name: string,
    sealed: Uint8Array,
    schema: T,
  ): z.infer<T> | null => {
    try {
      return decodeCbor(openLocal(localKey, store, name, sealed), schema, LOCAL_CAP);
    } catch {
      return null;
    }
  };
  return {
    seal: (store, key, schema, value) =>
      sealLocal(random, localKey, store, nameOf(key), storableBytes(schema, value)),
    open: (store, key, sealed, schema) => opened(store, nameOf(key), sealed, schema),
    sealElsewhere: (place, value) =>
      sealLocal(random, localKey, ELSEWHERE, place, storableBytes(z.unknown(), value)),
    openElsewhere: (place, sealed, schema) => opened(ELSEWHERE, place, sealed, schema),
  };
}
