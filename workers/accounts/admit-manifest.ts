import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { type DeviceId, deviceIdOf, deviceIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  type AccountSeals,
  type ManifestCore,
  decodeManifestCore,
  decodeSignedManifest,
} from "../protocol/manifest.ts";
import { type VerifiedManifest, verifyManifest } from "../protocol/manifest-rules.ts";
import { checkAccountSeals } from "../protocol/seals-rules.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

export const liveDevices = (core: ManifestCore): DeviceId[] =>
  core.devices.map(({ signPub }) => deviceIdText(deviceIdOf(signPub)));

/** {manifest, seals} of one version, as they were admitted. */
export interface AdmittedManifest extends VerifiedManifest {
  readonly seals: AccountSeals;
}

/**
 * {manifest, seals} as one object (K5), as defence in depth: clients verify all of it themselves.
 * Throws `stale_version`, `manifest_refused`, `too_large` or `bad_request`.
 */
export async function admitManifest(
  sent: { readonly manifestCbor: string; readonly sealsCbor: string },
  before: AdmittedManifest | null,
  now: number,
): Promise<VerifiedManifest> {
  const signed = decodeSignedManifest(fromBase64url(sent.manifestCbor));
  if (before && decodeManifestCore(signed.core).version !== before.core.version + 1) {
    throw new ProtocolError("stale_version");
  }
  const manifest = await verifyManifest(webCryptoVerifier, signed, before);
  const { core } = manifest;
  if (core.time > now + LIMITS.clockSkewMs) {
    throw new ProtocolError("manifest_refused", "signed in the future");
  }
  checkAccountSeals(core, fromBase64url(sent.sealsCbor), before?.seals ?? null);
  return manifest;
}
