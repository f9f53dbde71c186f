import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes32 } from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import {
  type AccountSeals,
  type ManifestCore,
  earlierSeedsHash,
} from "../../../workers/protocol/manifest.ts";
import { checkAccountSeals } from "../../../workers/protocol/seals-rules.ts";
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

/** Whom an account is sealed to: the public keys of its live devices and unlock methods, in the manifest's order. */
export interface Recipients {
  readonly devices: readonly Pick<AccountSeals["devices"][number], "device" | "kemPub">[];
  readonly unlocks: readonly Pick<AccountSeals["unlocks"][number], "id" | "kemPub">[];
}

/** K5: the seals of this generation for these devices and unlock methods; encoded as they travel. */
export function makeSeals(
  random: Random,
  core: Pick<ManifestCore, "account" | "generation" | "userKey">,
  { accountSeed, userKeys, recipients }: Unlocked,
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
    devices: recipients.devices.map(({ device, kemPub }) => {
      const context = [account, device, generation] as const;
      return { device, kemPub, seal: seal(random, kemPub, "seal/device", context, forDevice) };
    }),
    unlocks: recipients.unlocks.map(({ id, kemPub }) => {
      const context = [account, id, generation] as const;
      return { id, kemPub, seal: seal(random, kemPub, "seal/unlock", context, forUnlock) };
    }),
    earlier:
      userSeeds.length > 0
        ? seal(random, userKey, "seal/earlier", [account, generation], encodeCbor({ userSeeds }))
        : null,
  };
  return encodeCbor(seals);
}

/** The seals object that this manifest names, every key in it admitted. Throws CoreError `seals_refused`. */
function sealsOf(core: ManifestCore, bytes: Uint8Array): AccountSeals {
  try {
    return checkAccountSeals(core, bytes);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : "malformed");
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

/** K5: opens this device's seal, which has to be under its own key. Throws CoreError `open_failed` or `seals_refused`. */
export function openDeviceSeal(
  core: ManifestCore,
  seals: Uint8Array,
  device: Pick<DeviceKeys, "id" | "kem">,
): { readonly userKeys: UserKeys } {
  const all = sealsOf(core, seals);
  const mine = all.devices.find((entry) => equalBytes(entry.device, device.id));
  if (!mine) return refuse("no seal for this device");
  if (!equalBytes(mine.kemPub, device.kem.publicKey)) refuse("another key for this device (K2)");
  const context = [core.account, device.id, core.generation] as const;
  const secret = secretOf(deviceSecret, openSeal(device.kem, "seal/device", context, mine.seal));
  return { userKeys: userKeysFrom(core, all, secret.userSeed) };
}

/** What an unlock method opens. `accountSeed` is to be dropped when the gesture's manifest has settled (K8). */
export interface Unlocked {
  readonly accountSeed: Uint8Array;
  readonly userKeys: UserKeys;
  /** as the opened seals name them: the next manifest's are sealed to them */
  readonly recipients: Recipients;
}

/**
 * K4: the seal of the unlock method with this key. Its proof stands in the manifest and its public key in the seals:
 * both have to be of this secret. Throws CoreError `account_substituted`, `open_failed` or `seals_refused`.
 */
function sealFor(core: ManifestCore, seals: AccountSeals, key: UnlockKey) {
  const expected = unlockEntry(key, core.account);
  const method = core.unlocks.find(({ proof }) => equalBytes(proof, expected.proof));
  const mine = seals.unlocks.find(({ kemPub }) => equalBytes(kemPub, expected.kemPub));
  if (!method && !mine) throw new CoreError("open_failed", "no such unlock method");
  // Anybody can seal to a public key: without the proof this may be an account of the server's making.
  if (!method) throw new CoreError("account_substituted", "proof of the unlock method (K4)");
  if (!mine || !equalBytes(mine.id, method.id)) return refuse("another key for this method (K4)");
  return mine;
}

/**
 * K4, K5: opens the seal of the unlock method with this key, once the manifest proved to be of an account that a
 * holder of this secret made. `open_failed` also when no method of the account has this key: another code or
 * passkey. Throws CoreError `account_substituted`, `open_failed` or `seals_refused`.
 */
export function openUnlockSeal(core: ManifestCore, seals: Uint8Array, key: UnlockKey): Unlocked {
  const all = sealsOf(core, seals);
  const mine = sealFor(core, all, key);
  const context = [core.account, mine.id, core.generation] as const;
  const secret = secretOf(unlockSecret, openSeal(key.kem, "seal/unlock", context, mine.seal));
  if (!equalBytes(ed25519PublicKey(secret.accountSeed), core.accountPub)) {
    refuse("account key does not match (K5)");
  }
  return {
    accountSeed: secret.accountSeed,
    userKeys: userKeysFrom(core, all, secret.userSeed),
    recipients: all,
  };
}
