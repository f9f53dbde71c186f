import * as z from "zod/mini";
import { hasCanonicalEnd } from "./base64url.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/** Typed without regard to the buffer behind it: `instanceof` alone would infer Uint8Array<ArrayBuffer>. */
const anyBytes: z.ZodMiniCustom<Uint8Array, Uint8Array> = z.instanceof(Uint8Array);

/** A byte string of exactly `length` bytes (CBOR major type 2). */
export function fixedBytes(length: number) {
  return anyBytes.check(z.refine((bytes) => bytes.length === length, `expected ${length} bytes`));
}

/** A byte string of at most `cap` bytes. */
export function cappedBytes(cap: number) {
  return anyBytes.check(z.refine((bytes) => bytes.length <= cap, `expected at most ${cap} bytes`));
}

export const bytes16 = fixedBytes(16);
export const bytes32 = fixedBytes(32);
/** HMAC-SHA-512. */
export const hmacBytes = fixedBytes(64);
export const signatureBytes = fixedBytes(64);
/** X-Wing public key: ML-KEM-768 (1,184) and X25519 (32). */
export const kemPublic = fixedBytes(1216);
export const unsigned = z.int().check(z.nonnegative());
export const positive = z.int().check(z.positive());
/** Milliseconds since 1970 UTC. */
export const time = z.int().check(z.nonnegative());
export const version = z.literal(PROTOCOL_VERSION);

const canonical = z.refine<string>(hasCanonicalEnd, "expected canonical base64url");

/** base64url text of at most `cap` bytes once decoded. */
export function base64url(cap: number) {
  return z
    .string()
    .check(z.regex(/^[A-Za-z0-9_-]*$/), z.maxLength(Math.ceil((cap * 4) / 3)), canonical);
}

/** base64url text of exactly `length` bytes once decoded. */
export function base64urlOf(length: number) {
  const chars = Math.ceil((length * 4) / 3);
  return z.string().check(z.regex(/^[A-Za-z0-9_-]*$/), z.length(chars), canonical);
}

/** Identifiers and signatures as JSON carries them. */
export const id32 = base64urlOf(32);
export const id16 = base64urlOf(16);
export const signature = base64urlOf(64);
