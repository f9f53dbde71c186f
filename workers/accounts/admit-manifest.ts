import { equalBytes, fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { type DeviceId, deviceIdOf, deviceIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  type AccountSeals,
  type ManifestCore,
  decodeAccountSeals,
  decodeManifestCore,
  decodeSignedManifest,
  sealsHash,
} from "../protocol/manifest.ts";
import { type VerifiedManifest, verifyManifest } from "../protocol/manifest-rules.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

export const liveDevices = (core: ManifestCore): DeviceId[] =>
  core.devices.map(({ signPub }) => deviceIdText(deviceIdOf(signPub)));

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set(a).size === a.length && a.every((x) => b.includes(x));
}

/** K5: exactly one seal for each device and each unlock method, or somebody is locked out. */
function checkRecipients(core: ManifestCore, seals: AccountSeals): void {
  const devices = seals.devices.map(({ device }) => deviceIdText(device));
  const unlocks = seals.unlocks.map(({ id }) => toBase64url(id));
  const named = core.unlocks.map(({ id }) => toBase64url(id));
  if (!sameSet(liveDevices(core), devices) || !sameSet(named, unlocks)) {
    throw new ProtocolError("manifest_refused", "recipients of seals (K5)");
  }
}

/**
 * {manifest, seals} as one object (K5), as defence in depth: clients verify all of it themselves.
 * Throws `stale_version`, `manifest_refused`, `too_large` or `bad_request`.
 */
export async function admitManifest(
  sent: { readonly manifestCbor: string; readonly sealsCbor: string },
  before: VerifiedManifest | null,
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
  const seals = fromBase64url(sent.sealsCbor);
  if (!equalBytes(sealsHash(seals), core.sealsHash)) {
    throw new ProtocolError("manifest_refused", "seals are not those signed (K5)");
  }
  checkRecipients(core, decodeAccountSeals(seals));
  return manifest;
}
