import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes32 } from "../../../workers/protocol/fields.ts";
import { deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import {
  type AccountSeals,
  type ManifestCore,
  decodeAccountSeals,
  sealsHash,
} from "../../../workers/protocol/manifest.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { type KemKey, kemKey } from "../crypto/kem.ts";
import type { Random } from "../crypto/primitives.ts";
import { type UnlockKey, unlockEntry } from "../crypto/unlock.ts";
import { openSeal, seal } from "../crypto/seal.ts";
import { CoreError } from "../errors.ts";
import type { DeviceKeys } from "./device.ts";

/** User keys of every generation, the first at index 0 (K3). */
export type UserKeys = readonly KemKey[];

const userSeeds = z.array(bytes32).check(z.minLength(1), z.maxLength(LIMITS.generations));
const deviceSecret = z.strictObject({ userSeeds });
const unlockSecret = z.strictObject({ accountSeed: bytes32, userSeeds });

const refuse = (why: string): never => {
  throw new CoreError("seals_refused", why);
};

/** K5: the seals that belong to these devices, unlocks and generation; encoded as they travel. */
export function makeSeals(
  random: Random,
  core: Pick<ManifestCore, "account" | "devices" | "unlocks" | "generation">,
  accountSeed: Uint8Array,
  userKeys: UserKeys,
): Uint8Array {
  const seeds = userKeys.map((key) => key.seed);
  const forDevice = encodeCbor({ userSeeds: seeds });
  const forUnlock = encodeCbor({ accountSeed, userSeeds: seeds });
  const { account, generation } = core;
  const seals: AccountSeals = {
    v: PROTOCOL_VERSION,
    devices: core.devices.map(({ signPub, kemPub }) => {
      const device = deviceIdOf(signPub);
      const context = [account, device, generation] as const;
      return { device, seal: seal(random, kemPub, "seal/device", context, forDevice) };
    }),
    unlocks: core.unlocks.map(({ id, kemPub }) => {
      const context = [account, id, generation] as const;
      return { id, seal: seal(random, kemPub, "seal/unlock", context, forUnlock) };
    }),
  };
  return encodeCbor(seals);
}

/** The seals object that this manifest names. Throws CoreError `seals_refused`. */
function sealsOf(core: ManifestCore, bytes: Uint8Array): AccountSeals {
  if (!equalBytes(sealsHash(bytes), core.sealsHash)) refuse("not the seals of this manifest (K5)");
  try {
    return decodeAccountSeals(bytes);
  } catch {
    return refuse("malformed");
  }
}

function secretOf<T extends z.ZodMiniType>(schema: T, plain: Uint8Array): z.infer<T> {
  try {
    return decodeCbor(plain, schema, LIMITS.seal);
  } catch {
    return refuse("malformed secret");
  }
}

/** K5: every opened seed must match its public key in the manifest. */
function checkedUserKeys(core: ManifestCore, seeds: readonly Uint8Array[]): UserKeys {
  if (seeds.length !== core.userKeys.length) refuse("number of user keys (K5)");
  return seeds.map((seed, i) => {
    const key = kemKey(seed);
    const named = core.userKeys[i];
    if (!named || !equalBytes(key.publicKey, named)) refuse("user key does not match (K5)");
    return key;
  });
}

/** K5: opens this device's seal. Throws CoreError `open_failed` or `seals_refused`. */
export function openDeviceSeal(
  core: ManifestCore,
  seals: Uint8Array,
  device: DeviceKeys,
): { readonly userKeys: UserKeys } {
  const mine = sealsOf(core, seals).devices.find((entry) => equalBytes(entry.device, device.id));
  if (!mine) return refuse("no seal for this device");
  const context = [core.account, device.id, core.generation] as const;
  const secret = secretOf(deviceSecret, openSeal(device.kem, "seal/device", context, mine.seal));
  return { userKeys: checkedUserKeys(core, secret.userSeeds) };
}

/** What an unlock method opens. `accountSeed` is to be dropped when the gesture's manifest has settled (K8). */
export interface Unlocked {
  readonly accountSeed: Uint8Array;
  readonly userKeys: UserKeys;
}

/**
 * K4, K5: opens the seal of the unlock method with this key, once the manifest proved to be of an account that a
 * holder of this secret made. `open_failed` also when no method of the manifest has this key: another code or
 * passkey. Throws CoreError `account_substituted`, `open_failed` or `seals_refused`.
 */
export function openUnlockSeal(core: ManifestCore, seals: Uint8Array, key: UnlockKey): Unlocked {
  const expected = unlockEntry(key, core.account);
  const method = core.unlocks.find(({ kemPub }) => equalBytes(kemPub, expected.kemPub));
  if (!method) throw new CoreError("open_failed", "no such unlock method");
  // Anybody can seal to a public key: without the proof this may be an account of the server's making.
  if (!equalBytes(method.proof, expected.proof)) {
    throw new CoreError("account_substituted", "proof of the unlock method (K4)");
  }
  const mine = sealsOf(core, seals).unlocks.find(({ id }) => equalBytes(id, method.id));
  if (!mine) return refuse("no seal for this unlock method");
  const context = [core.account, method.id, core.generation] as const;
  const secret = secretOf(unlockSecret, openSeal(key.kem, "seal/unlock", context, mine.seal));
  if (!equalBytes(ed25519PublicKey(secret.accountSeed), core.accountPub)) {
    refuse("account key does not match (K5)");
  }
  return {
    accountSeed: secret.accountSeed,
    userKeys: checkedUserKeys(core, secret.userSeeds),
  };
}
