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
  earlierSeedsHash,
  sealsHash,
} from "../../../workers/protocol/manifest.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { type KemSecret, kemKey } from "../crypto/kem.ts";
import type { Random } from "../crypto/primitives.ts";
import { type UnlockKey, unlockEntry } from "../crypto/unlock.ts";
import { openSeal, seal } from "../crypto/seal.ts";
import { CoreError } from "../errors.ts";
import type { DeviceKeys } from "./device.ts";

/** User keys of every generation, the first at index 0 (K3). */
export type UserKeys = readonly KemSecret[];

const deviceSecret = z.strictObject({ userSeed: bytes32 });
const unlockSecret = z.strictObject({ accountSeed: bytes32, userSeed: bytes32 });
const earlierSecret = z.strictObject({
  userSeeds: z.array(bytes32).check(z.minLength(1), z.maxLength(LIMITS.generations)),
});

const refuse = (why: string): never => {
  throw new CoreError("seals_refused", why);
};

/** K5: the seals that belong to these devices, unlocks and generation; encoded as they travel. */
export function makeSeals(
  random: Random,
  core: Pick<ManifestCore, "account" | "devices" | "unlocks" | "generation" | "userKey">,
  accountSeed: Uint8Array,
  userKeys: UserKeys,
): Uint8Array {
  const seeds = userKeys.map((key) => key.seed);
  const userSeed = seeds.at(-1);
  if (!userSeed) return refuse("no user key");
  const userSeeds = seeds.slice(0, -1);
  const forDevice = encodeCbor({ userSeed });
  const forUnlock = encodeCbor({ accountSeed, userSeed });
  const { account, generation, userKey } = core;
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
    earlier:
      userSeeds.length > 0
        ? seal(random, userKey, "seal/earlier", [account, generation], encodeCbor({ userSeeds }))
        : null,
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
    return decodeCbor(plain, schema, LIMITS.seals);
  } catch {
    return refuse("malformed secret");
  }
}

/**
 * K5: the newest seed opens those before it. It must match its public key in the manifest, they the one hash over
 * all of them.
 */
function userKeysFrom(core: ManifestCore, { earlier }: AccountSeals, seed: Uint8Array): UserKeys {
  const { account, generation } = core;
  const newest = kemKey(seed);
  if (!equalBytes(newest.publicKey, core.userKey)) refuse("user key does not match (K5)");
  const userSeeds = earlier
    ? secretOf(earlierSecret, openSeal(newest, "seal/earlier", [account, generation], earlier))
        .userSeeds
    : [];
  if (userSeeds.length !== generation - 1) refuse("number of user keys (K5)");
  const hash = earlierSeedsHash(userSeeds) ?? new Uint8Array();
  if (!equalBytes(hash, core.earlierSeeds ?? new Uint8Array())) {
    refuse("earlier user keys do not match (K5)");
  }
  return [...userSeeds.map((earlierSeed) => ({ seed: earlierSeed })), newest];
}

/** K5: opens this device's seal. Throws CoreError `open_failed` or `seals_refused`. */
export function openDeviceSeal(
  core: ManifestCore,
  seals: Uint8Array,
  device: Pick<DeviceKeys, "id" | "kem">,
): { readonly userKeys: UserKeys } {
  const all = sealsOf(core, seals);
  const mine = all.devices.find((entry) => equalBytes(entry.device, device.id));
  if (!mine) return refuse("no seal for this device");
  const context = [core.account, device.id, core.generation] as const;
  const secret = secretOf(deviceSecret, openSeal(device.kem, "seal/device", context, mine.seal));
  return { userKeys: userKeysFrom(core, all, secret.userSeed) };
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
  const all = sealsOf(core, seals);
  const mine = all.unlocks.find(({ id }) => equalBytes(id, method.id));
  if (!mine) return refuse("no seal for this unlock method");
  const context = [core.account, method.id, core.generation] as const;
  const secret = secretOf(unlockSecret, openSeal(key.kem, "seal/unlock", context, mine.seal));
  if (!equalBytes(ed25519PublicKey(secret.accountSeed), core.accountPub)) {
    refuse("account key does not match (K5)");
  }
  return {
    accountSeed: secret.accountSeed,
    userKeys: userKeysFrom(core, all, secret.userSeed),
  };
}
