import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import type { VerifiedManifest } from "../../../workers/protocol/manifest-rules.ts";
import type { ManifestCore } from "../../../workers/protocol/manifest.ts";
import type { Suite } from "../crypto/suite.ts";
import { CoreError } from "../errors.ts";
import { type DeviceKeys, newDevice } from "./device.ts";
import { type Departure, type PreparedManifest, among, nextManifest } from "./manifest.ts";
import type { Unlocked } from "./seals.ts";

/**
 * K13, K2, K3: a new device of an account that was just unlocked; devices that left a farewell depart with the same
 * manifest. If there is no place then, the device unseen longest is revoked. `lastSeen` gives the time of a device's
 * last session, null where none is known.
 */
export async function addDevice(
  suite: Suite,
  before: VerifiedManifest,
  unlocked: Unlocked,
  known: {
    readonly lastSeen: (device: Uint8Array) => number | null;
    readonly departed: readonly Departure[];
  },
  now: number,
): Promise<{
  readonly device: DeviceKeys;
  readonly prepared: PreparedManifest;
  /** to be said to the person; null below the cap */
  readonly revoked: Uint8Array | null;
}> {
  const device = newDevice(suite.random);
  const gone = known.departed.map((departure) => departure.device);
  const devices = before.core.devices.filter((d) => !among(gone, deviceIdOf(d.signPub)));
  const full = devices.length >= LIMITS.devices;
  const revoked = full ? unseenLongest({ ...before.core, devices }, known.lastSeen) : null;
  const change = {
    addDevice: device,
    departDevices: known.departed,
    ...(revoked ? { revokeDevices: [revoked] } : {}),
  };
  return { device, revoked, prepared: await nextManifest(suite, before, unlocked, change, now) };
}

/** K2: the live device whose last session, else whose addition, is longest ago. */
export function unseenLongest(
  core: ManifestCore,
  lastSeen: (device: Uint8Array) => number | null,
): Uint8Array {
  const seen = core.devices.map(({ signPub, since }) => {
    const id = deviceIdOf(signPub);
    return { id, at: lastSeen(id) ?? since };
  });
  const [first, ...rest] = seen;
  if (!first) throw new CoreError("not_allowed", "no device");
  return rest.reduce((a, b) => (b.at < a.at ? b : a), first).id;
}
