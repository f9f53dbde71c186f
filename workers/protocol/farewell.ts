import * as z from "zod/mini";
import { equalBytes } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { bytes32, cappedBytes, positive, signatureBytes, time, version } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import type { ManifestCore } from "./manifest.ts";
import { findDevice } from "./manifest-rules.ts";
import { type Ed25519Verifier, verifySigned } from "./signing.ts";

/** K3: what a device signs (under `sign-farewell`) when it signs out. It proves goodbye, not erasure. */
export const farewellCore = z.strictObject({
  v: version,
  account: bytes32,
  device: bytes32,
  /** the newest manifest that the device held */
  manifestVersion: positive,
  time,
});
export type FarewellCore = z.infer<typeof farewellCore>;

export const signedFarewell = z.strictObject({
  core: cappedBytes(LIMITS.farewell),
  signature: signatureBytes,
});
export type SignedFarewell = z.infer<typeof signedFarewell>;

export const decodeSignedFarewell = (bytes: Uint8Array): SignedFarewell =>
  decodeCbor(bytes, signedFarewell, LIMITS.farewell);

/**
 * K3: the farewell of a device that is live in this manifest, signed by that device; null for any other. Nobody but
 * the device itself can make it depart.
 */
export async function farewellOf(
  verifier: Ed25519Verifier,
  manifest: ManifestCore,
  { core: bytes, signature }: SignedFarewell,
): Promise<FarewellCore | null> {
  const core = decodeCbor(bytes, farewellCore, LIMITS.farewell);
  const device = findDevice(manifest, core.device);
  if (!device || !equalBytes(core.account, manifest.account)) return null;
  if (core.manifestVersion > manifest.version) return null;
  const isGenuine = await verifySigned(verifier, "sign-farewell", device.signPub, bytes, signature);
  return isGenuine ? core : null;
}
