import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { label } from "../../../workers/protocol/labels.ts";
import { recoveryAuthHash } from "../../../workers/protocol/recovery.ts";
import { CoreError } from "../errors.ts";
import { type Random, hkdf, sha256 } from "./primitives.ts";
import { type UnlockKey, unlockKey } from "./unlock.ts";

/** Crockford's alphabet: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES = 16;
const CHARS = 28;

/** 128 random bits and 12 bits of checksum: 28 characters of 5 bits (K4). */
function checksum(secret: Uint8Array): number {
  const [a = 0, b = 0] = sha256(concatBytes(label("recovery-checksum"), secret));
  return (a << 4) | (b >> 4);
}

/** A fresh recovery code as bytes (K4). */
export const newRecoverySecret = (random: Random): Uint8Array => random.bytes(BYTES);

/** The code as shown: seven groups of four, blanks between (K4). */
export function formatRecoveryCode(secret: Uint8Array): string {
  let word =
    (secret.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) << 12n) |
    BigInt(checksum(secret));
  let text = "";
  for (let i = 0; i < CHARS; i++) {
    text = ALPHABET.charAt(Number(word & 31n)) + (i % 4 === 0 && i > 0 ? " " : "") + text;
    word >>= 5n;
  }
  return text;
}

/**
 * Reads a code as people type it: any case, blanks and dashes anywhere, O for 0, I and L for 1 (K4).
 * Throws CoreError `bad_recovery_code`.
 */
export function parseRecoveryCode(text: string): Uint8Array {
  const plain = text
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015\u2212]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  if (plain.length !== CHARS) throw new CoreError("bad_recovery_code", "length");
  let word = 0n;
  for (const char of plain) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new CoreError("bad_recovery_code", "character");
    word = (word << 5n) | BigInt(value);
  }
  const secret = new Uint8Array(BYTES);
  for (let i = BYTES - 1, rest = word >> 12n; i >= 0; i--, rest >>= 8n) {
    secret[i] = Number(rest & 255n);
  }
  if (Number(word & 0xfffn) !== checksum(secret)) {
    throw new CoreError("bad_recovery_code", "checksum");
  }
  return secret;
}

/** K4, K11: what finds the account and proves the code, apart from what unlocks it. */
export interface RecoveryProof {
  readonly id: Uint8Array;
  readonly auth: Uint8Array;
  readonly authHash: Uint8Array;
}

export function recoveryProof(secret: Uint8Array): RecoveryProof {
  const auth = hkdf(secret, label("recovery-auth"), 32);
  return { id: hkdf(secret, label("recovery-id"), 16), auth, authHash: recoveryAuthHash(auth) };
}

/** K4: the unlock key of the code; derived separately from what the server is shown. */
export const recoveryUnlockKey = (secret: Uint8Array): UnlockKey =>
  unlockKey(secret, "unlock-code");
