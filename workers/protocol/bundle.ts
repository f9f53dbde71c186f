import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod/mini";
import { concatBytes, prefixed, u64 } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import {
  bytes16,
  bytes32,
  cappedBytes,
  kemPublic,
  positive,
  signatureBytes,
  time,
  unsigned,
  version,
} from "./fields.ts";
import { label } from "./labels.ts";
import { LIMITS } from "./limits.ts";

export const role = z.enum(["owner", "member"]);

const rosterEntry = z.strictObject({
  account: bytes32,
  role,
  manifest: z.strictObject({ version: positive, hash: bytes32 }),
});
export type RosterEntry = z.infer<typeof rosterEntry>;

const pendingEntry = z.strictObject({
  signPub: bytes32,
  kemPub: kemPublic,
  role: z.literal("member"),
  expiry: time,
});
export type PendingEntry = z.infer<typeof pendingEntry>;

/** What a bundle does (C4). A further one is a member here and a row in bundle-rules.ts; accept-bundle.ts applies it. */
const change = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("create"), nonce: bytes32 }),
  z.strictObject({ kind: z.literal("invite"), invite: bytes16 }),
  z.strictObject({ kind: z.literal("withdraw"), invite: bytes16 }),
  z.strictObject({ kind: z.literal("join"), invite: bytes16 }),
]);
export type Change = z.infer<typeof change>;

/** accountId (32 bytes) or inviteId (16 bytes) */
const recipient = z.union([bytes32, bytes16]);

/** C2: what the author's device signs. */
export const bundleCore = z.strictObject({
  v: version,
  conversation: bytes32,
  n: unsigned,
  /** hash of core n-1; null in core 0 */
  prev: z.nullable(bytes32),
  change,
  roster: z.array(rosterEntry).check(z.minLength(1), z.maxLength(LIMITS.roster)),
  pending: z.array(pendingEntry).check(z.maxLength(LIMITS.pending)),
  keyCommit: bytes32,
  shareCommit: bytes32,
  /** one for every roster account (its user-key generation) and pending entry (generation 0) */
  seals: z.array(z.strictObject({ recipient, generation: unsigned, hash: bytes32 })),
  /** earlier epoch keys from..to, inclusive */
  grants: z.array(
    z.strictObject({
      recipient,
      generation: unsigned,
      from: unsigned,
      to: unsigned,
      hash: bytes32,
    }),
  ),
  author: z.strictObject({ account: bytes32, device: bytes32, manifestVersion: positive }),
  time,
});
export type BundleCore = z.infer<typeof bundleCore>;

const coreBytes = cappedBytes(LIMITS.bundle);
const sealBytes = cappedBytes(LIMITS.seal);

/** What an author sends: seals and grants stand in the order of the core's lists. */
export const bundleUpload = z.strictObject({
  core: coreBytes,
  signature: signatureBytes,
  /** by the invite key, of a join only */
  inviteSignature: z.nullable(signatureBytes),
  seals: z.array(sealBytes).check(z.maxLength(LIMITS.roster + LIMITS.pending)),
  grants: z.array(sealBytes).check(z.maxLength(LIMITS.roster + LIMITS.pending)),
  /** C7 */
  share: bytes32,
});
export type BundleUpload = z.infer<typeof bundleUpload>;

/** What a reader gets: only the seals and grants made for it; purged ones are absent. */
export const bundleDelivery = z.strictObject({
  core: coreBytes,
  signature: signatureBytes,
  inviteSignature: z.nullable(signatureBytes),
  seals: z.array(z.strictObject({ recipient, generation: unsigned, seal: sealBytes })),
  grants: z.array(
    z.strictObject({
      recipient,
      generation: unsigned,
      from: unsigned,
      to: unsigned,
      seal: sealBytes,
    }),
  ),
  share: z.nullable(bytes32),
});
export type BundleDelivery = z.infer<typeof bundleDelivery>;

/** Context of an epoch seal, encoded as CBOR (C2). */
export type EpochSealContext = readonly [
  conversation: Uint8Array,
  n: number,
  recipient: Uint8Array,
  generation: number,
];
/** Context of a grant seal, encoded as CBOR (C2). */
export type GrantSealContext = readonly [
  conversation: Uint8Array,
  from: number,
  to: number,
  recipient: Uint8Array,
  generation: number,
];

export const decodeBundleCore = (bytes: Uint8Array): BundleCore =>
  decodeCbor(bytes, bundleCore, LIMITS.bundle);

export const decodeBundleUpload = (bytes: Uint8Array): BundleUpload =>
  decodeCbor(bytes, bundleUpload, LIMITS.body);

/** The bundle's hash is its core's hash (C2). */
export const bundleHash = (core: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("bundle-hash"), prefixed(core)));

export const sealHash = (seal: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("seal-hash"), prefixed(seal)));

/** C2: `SHA-256(label || conversation || n || epochKey)`. */
export const keyCommitOf = (
  conversation: Uint8Array,
  n: number,
  epochKey: Uint8Array,
): Uint8Array => sha256(concatBytes(label("key-commit"), conversation, u64(n), epochKey));

/** C7: commitment to the erasure share. */
export const shareCommitOf = (conversation: Uint8Array, n: number, share: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("share-commit"), conversation, u64(n), share));
