import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Every domain-separation purpose in use (E3). A purpose is added here or it does not exist. */
export const PURPOSES = [
  // identifiers
  "account",
  "device",
  "conversation",
  "invite",
  // hashes and commitments
  "manifest-hash",
  "seals-hash",
  "gone-devices",
  "earlier-seeds",
  "seal-hash",
  "bundle-hash",
  "key-commit",
  "share-commit",
  "digest",
  "commit",
  "envelope",
  "receipt-hash",
  "recovery-auth-hash",
  "recovery-checksum",
  "session-hash",
  "session-tag",
  "operator-pass",
  "challenge-hash",
  "seal-context",
  "file-chunk",
  "file-trailer",
  "prf-salt",
  // key derivation
  "seal/device",
  "seal/unlock",
  "seal/earlier",
  "seal/epoch",
  "seal/grant",
  "seal/test",
  "epoch",
  "message",
  "message-header",
  "receipt",
  "invite-sign",
  "invite-kem",
  "unlock-prf",
  "unlock-code",
  "unlock-proof",
  "recovery-id",
  "recovery-auth",
  "private-state",
  "private-name",
  // signatures
  "sign-manifest",
  "sign-bundle",
  "sign-envelope",
  "sign-receipt",
  "sign-claim",
  "sign-device-session",
  "sign-farewell",
] as const;

export type Purpose = (typeof PURPOSES)[number];

const table = new Map<Purpose, Uint8Array>(
  PURPOSES.map((purpose) => [purpose, utf8ToBytes(`thyme/v1/${purpose}\0`)]),
);

/** `"thyme/v1/<purpose>\0"` in UTF-8 (E3). */
export function label(purpose: Purpose): Uint8Array {
  const bytes = table.get(purpose);
  if (!bytes) throw new RangeError(`no such purpose: ${purpose}`);
  return bytes;
}
