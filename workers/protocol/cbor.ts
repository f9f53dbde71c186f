import { decode, encode, rfc8949EncodeOptions } from "cborg";
import type * as z from "zod/mini";
import { equalBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

/** Deterministic CBOR (RFC 8949 section 4.2.1, E1). */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

function decodeStrict(bytes: Uint8Array): unknown {
  try {
    const value: unknown = decode(bytes, STRICT);
    // cborg's strict mode accepts unsorted keys and longer floats: only equal bytes are canonical (E1).
    if (equalBytes(encodeCbor(value), bytes)) return value;
  } catch {
    throw new ProtocolError("bad_request", "not CBOR");
  }
  throw new ProtocolError("bad_request", "not deterministic CBOR");
}

/**
 * Decodes outside bytes once, at the edge (E1): size cap, strict decode, canonical re-encoding, schema.
 * Throws ProtocolError `too_large` or `bad_request`.
 */
export function decodeCbor<T extends z.ZodMiniType>(
  bytes: Uint8Array,
  schema: T,
  cap: number,
): z.infer<T> {
  if (bytes.length > cap) throw new ProtocolError("too_large", `${bytes.length} over ${cap}`);
  const parsed = schema.safeParse(decodeStrict(bytes));
  if (!parsed.success) throw new ProtocolError("bad_request", parsed.error.issues[0]?.message);
  return parsed.data;
}
