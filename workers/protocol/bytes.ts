import { concatBytes } from "@noble/hashes/utils.js";

export { concatBytes };
export { fromBase64url, toBase64url } from "./base64url.ts";

/** Eight bytes, big-endian (E3). Throws RangeError unless `value` is a safe non-negative integer. */
export function u64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not an unsigned integer");
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

/** Length-prefixed byte string: u64 length, then the bytes (E3). */
export function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(u64(bytes.length), bytes);
}

/** Equality in time that depends on the lengths only (E5). */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
