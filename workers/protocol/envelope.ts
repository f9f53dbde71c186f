import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod/mini";
import { concatBytes, prefixed } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import {
  bytes16,
  bytes32,
  cappedBytes,
  positive,
  signatureBytes,
  unsigned,
  version,
} from "./fields.ts";
import { label } from "./labels.ts";
import { LIMITS } from "./limits.ts";

/** UUIDv7 (RFC 9562 section 5.7): version and variant bits are fixed. */
const messageIdBytes = bytes16.check(
  z.refine((id) => (id[6] ?? 0) >> 4 === 7 && (id[8] ?? 0) >> 6 === 2, "expected a UUIDv7"),
);

/** M1: header O, authenticated and in clear. */
export const envelopeHeader = z.strictObject({
  v: version,
  conversation: bytes32,
  n: unsigned,
  /** hash of bundle n */
  head: bytes32,
  account: bytes32,
  device: bytes32,
  manifestVersion: positive,
  /** 1, 2, 3 ... per device and conversation (M6) */
  deviceSeq: positive,
  messageId: messageIdBytes,
  salt: bytes32,
  /** what it says rings nowhere and is not unread; by the kind, which the server cannot see */
  quiet: z.boolean(),
  blobIds: z.array(bytes16).check(z.maxLength(16)),
});
export type EnvelopeHeader = z.infer<typeof envelopeHeader>;

export const envelope = z.strictObject({
  header: cappedBytes(4096),
  keyCommit: bytes32,
  ciphertext: cappedBytes(LIMITS.envelope),
  signature: signatureBytes,
});
export type Envelope = z.infer<typeof envelope>;

export const decodeEnvelope = (bytes: Uint8Array): Envelope =>
  decodeCbor(bytes, envelope, LIMITS.envelope);

export const decodeEnvelopeHeader = (bytes: Uint8Array): EnvelopeHeader =>
  decodeCbor(bytes, envelopeHeader, 4096);

/** M3: the hash E that the device signs under `sign-envelope`. */
export const envelopeHash = (
  header: Uint8Array,
  keyCommit: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array =>
  sha256(concatBytes(label("envelope"), prefixed(header), keyCommit, prefixed(ciphertext)));
