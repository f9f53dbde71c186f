import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod/mini";
import { concatBytes, prefixed } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import {
  bytes16,
  bytes32,
  cappedBytes,
  hmacBytes,
  kemPublic,
  positive,
  signatureBytes,
  time,
  unsigned,
  version,
} from "./fields.ts";
import { label } from "./labels.ts";
import { LIMITS } from "./limits.ts";

/** The keys that a device and an unlock method are sealed to stand in the seals: no peer has a use for them (K5). */
const device = z.strictObject({ signPub: bytes32, since: time });
const unlock = z.strictObject({
  id: bytes16,
  kind: z.enum(["prf", "code"]),
  /** K4: made with the method's secret over the account id; the server, which knows its public key, cannot make it */
  proof: hmacBytes,
});

/** K3, K5: a device that is live no more. */
const goneDevice = z.strictObject({
  device: bytes32,
  /** departed: it left a farewell; revoked: another device ended it */
  how: z.enum(["departed", "revoked"]),
  at: time,
});

/** K5: what the account key signs. */
export const manifestCore = z.strictObject({
  v: version,
  account: bytes32,
  accountPub: bytes32,
  version: positive,
  /** hash of the core before; null in version 1 */
  prev: z.nullable(bytes32),
  devices: z.array(device).check(z.maxLength(LIMITS.devices)),
  /** those that went with this manifest: the chain names the others */
  gone: z.array(goneDevice).check(z.maxLength(LIMITS.devices)),
  /** all that went before those: how many, and one hash over them; null while there are none */
  folded: z.nullable(z.strictObject({ count: positive, hash: bytes32 })),
  unlocks: z.array(unlock).check(z.minLength(1), z.maxLength(LIMITS.unlocks)),
  generation: positive,
  /** the time of the manifest that began this generation */
  generationSince: time,
  /** devices that departed in this generation: they know its user key (K3) */
  departedSince: unsigned,
  /** public user key of this generation */
  userKey: kemPublic,
  /** one hash over the user seeds of all earlier generations; null in the first (K5) */
  earlierSeeds: z.nullable(bytes32),
  sealsHash: bytes32,
  time,
});
export type ManifestCore = z.infer<typeof manifestCore>;

export const signedManifest = z.strictObject({
  core: cappedBytes(LIMITS.manifest),
  signature: signatureBytes,
});
export type SignedManifest = z.infer<typeof signedManifest>;

const sealed = { kemPub: kemPublic, seal: cappedBytes(LIMITS.seal) };

/**
 * K5: beside the manifest, whose `sealsHash` is what vouches for the public keys in it. One entry for each device and
 * unlock method of the manifest, in its order; each seal is E6 under purpose seal/device, seal/unlock or seal/earlier.
 */
export const accountSeals = z.strictObject({
  v: version,
  devices: z
    .array(z.strictObject({ device: bytes32, ...sealed }))
    .check(z.maxLength(LIMITS.devices)),
  unlocks: z.array(z.strictObject({ id: bytes16, ...sealed })).check(z.maxLength(LIMITS.unlocks)),
  /** the seeds of all earlier generations, once, under the newest user key; null in the first */
  earlier: z.nullable(cappedBytes(LIMITS.seals)),
});
export type AccountSeals = z.infer<typeof accountSeals>;

/** Context of the seal of earlier seeds: CBOR [account, generation]. */
export type EarlierSealContext = readonly [account: Uint8Array, generation: number];

/** Seal context of a device or unlock seal: CBOR [account, recipient, generation]. */
export type SealContext = readonly [account: Uint8Array, recipient: Uint8Array, generation: number];

export const decodeSignedManifest = (bytes: Uint8Array): SignedManifest =>
  decodeCbor(bytes, signedManifest, LIMITS.manifest + 1024);

export const decodeManifestCore = (bytes: Uint8Array): ManifestCore =>
  decodeCbor(bytes, manifestCore, LIMITS.manifest);

export const decodeAccountSeals = (bytes: Uint8Array): AccountSeals =>
  decodeCbor(bytes, accountSeals, LIMITS.seals);

/** Hash that chains manifests and that rosters name (K5, C2). */
export const manifestHash = (core: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("manifest-hash"), prefixed(core)));

/** K5: SHA-256 over the hash so far (zeros at the start) and each seed in turn; null where there are none. */
export const earlierSeedsHash = (
  seeds: readonly Uint8Array[],
  before: Uint8Array | null = null,
): Uint8Array | null =>
  seeds.reduce<Uint8Array | null>(
    (hash, seed) => sha256(concatBytes(label("earlier-seeds"), hash ?? new Uint8Array(32), seed)),
    before,
  );

export const sealsHash = (seals: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("seals-hash"), prefixed(seals)));
