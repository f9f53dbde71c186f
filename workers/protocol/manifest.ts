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
  version,
} from "./fields.ts";
import { label } from "./labels.ts";
import { LIMITS } from "./limits.ts";

const device = z.strictObject({ signPub: bytes32, kemPub: kemPublic, since: time });
const unlock = z.strictObject({
  id: bytes16,
  kind: z.enum(["prf", "code"]),
  kemPub: kemPublic,
  /** K4: made with the method's secret over the account id; the server, which knows `kemPub`, cannot make it */
  proof: hmacBytes,
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
  /** deviceIds, in the order of revocation */
  revoked: z.array(bytes32).check(z.maxLength(LIMITS.revoked)),
  unlocks: z.array(unlock).check(z.minLength(1), z.maxLength(LIMITS.unlocks)),
  generation: positive,
  /** public user key of every generation; the last is the current one (K3) */
  userKeys: z.array(kemPublic).check(z.minLength(1), z.maxLength(LIMITS.generations)),
  sealsHash: bytes32,
  time,
});
export type ManifestCore = z.infer<typeof manifestCore>;

export const signedManifest = z.strictObject({
  core: cappedBytes(LIMITS.manifest),
  signature: signatureBytes,
});
export type SignedManifest = z.infer<typeof signedManifest>;

/** K5: beside the manifest; each seal is E6 under purpose seal/device or seal/unlock. */
export const accountSeals = z.strictObject({
  v: version,
  devices: z.array(z.strictObject({ device: bytes32, seal: cappedBytes(LIMITS.seal) })),
  unlocks: z.array(z.strictObject({ id: bytes16, seal: cappedBytes(LIMITS.seal) })),
});
export type AccountSeals = z.infer<typeof accountSeals>;

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

export const sealsHash = (seals: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("seals-hash"), prefixed(seals)));
