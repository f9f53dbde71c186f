import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import type { ManifestCore } from "../../../workers/protocol/manifest.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { type KemKey, newKemKey } from "../crypto/kem.ts";
import type { Random } from "../crypto/primitives.ts";

/** K2: the keys of one device, made on it; they never leave it. Plain data for the local store. */
export interface DeviceKeys {
  readonly id: Uint8Array;
  readonly signSeed: Uint8Array;
  readonly signPub: Uint8Array;
  readonly kem: KemKey;
}

/** What a manifest says of a live device (K5). */
export type ManifestDevice = ManifestCore["devices"][number];

export function newDevice(random: Random): DeviceKeys {
  const signSeed = random.bytes(32);
  const signPub = ed25519PublicKey(signSeed);
  return { id: deviceIdOf(signPub), signSeed, signPub, kem: newKemKey(random) };
}

export const manifestDevice = (
  { signPub }: Pick<DeviceKeys, "signPub">,
  since: number,
): ManifestDevice => ({ signPub, since });
