import { concatBytes } from "@noble/hashes/utils.js";

export { concatBytes };

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

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((char, value) => [char, value]));

/** base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    if (left > 1) out += ALPHABET.charAt((word >> 6) & 63);
    if (left > 2) out += ALPHABET.charAt(word & 63);
  }
  return out;
}

/** Inverse of {@link toBase64url}. Throws RangeError for anything but its canonical output. */
export function fromBase64url(text: string): Uint8Array {
  const tail = text.length % 4;
  if (tail === 1) throw new RangeError("not base64url");
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let word = 0;
  let bits = 0;
  for (const char of text) {
    const value = VALUES.get(char);
    if (value === undefined) throw new RangeError("not base64url");
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 0xff;
    }
  }
  // A non-zero remainder would let two texts stand for the same bytes.
  if ((word & ((1 << bits) - 1)) !== 0) throw new RangeError("not canonical base64url");
  return out;
}
