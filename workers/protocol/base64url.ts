/** The platform's own (ECMAScript 2026), typed: TypeScript's ES2024 does not know it, and Node and older browsers lack it. */
declare global {
  interface Uint8Array {
    toBase64?(options: { alphabet: "base64url"; omitPadding: true }): string;
  }
  interface Uint8ArrayConstructor {
    fromBase64?(text: string, options: { alphabet: "base64url" }): Uint8Array;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((char, value) => [char, value]));

/** Where the platform has none. */
export function encodePortably(bytes: Uint8Array): string {
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

/** Where the platform has none. Throws RangeError. */
export function decodePortably(text: string): Uint8Array {
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

/** base64url without padding (RFC 4648 section 5). */
export const toBase64url = (bytes: Uint8Array): string =>
  bytes.toBase64?.({ alphabet: "base64url", omitPadding: true }) ?? encodePortably(bytes);

/** The last character carries no stray bits, so that equal bytes have one text (RFC 4648 section 3.5). */
export function hasCanonicalEnd(text: string): boolean {
  const last = text.charAt(text.length - 1);
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return "AQgw".includes(last);
    case 3:
      return "AEIMQUYcgkosw048".includes(last);
    default:
      return false;
  }
}

/** Inverse of {@link toBase64url}. Throws RangeError for anything but its canonical output. */
export function fromBase64url(text: string): Uint8Array {
  if (!Uint8Array.fromBase64) return decodePortably(text);
  // The platform would let blanks, padding and stray bits through.
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new RangeError("not base64url");
  if (!hasCanonicalEnd(text)) throw new RangeError("not canonical base64url");
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
