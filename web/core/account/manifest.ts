import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import type { FarewellCore } from "../../../workers/protocol/farewell.ts";
import { type GoneDevice, goneAfter } from "../../../workers/protocol/gone-devices.ts";
import { accountIdOf, deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import {
  type VerifiedManifest,
  beginsGeneration,
} from "../../../workers/protocol/manifest-rules.ts";
import {
  type ManifestCore,
  type SignedManifest,
  earlierSeedsHash,
  manifestHash,
  sealsHash,
} from "../../../workers/protocol/manifest.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { newKemKey } from "../crypto/kem.ts";
import { type RecoveryProof, recoveryProof, recoveryUnlockKey } from "../crypto/recovery-code.ts";
import type { Suite } from "../crypto/suite.ts";
import { type UnlockEntry, unlockEntry } from "../crypto/unlock.ts";
import { CoreError } from "../errors.ts";
import { type DeviceKeys, manifestDevice, newDevice } from "./device.ts";
import { type Unlocked, type UserKeys, makeSeals } from "./seals.ts";

/** An unlock method as a manifest names it (K4). */
export type ManifestUnlock = ManifestCore["unlocks"][number];

/**
 * A1: manifest and seals, exactly as they are put. Store them with the device keys before the PUT; the
 * account seed is not part of it (K8).
 */
export interface PreparedManifest {
  readonly signed: SignedManifest;
  readonly seals: Uint8Array;
  readonly verified: VerifiedManifest;
  readonly userKeys: UserKeys;
}

/** An unlock method in its two places: the manifest names its proof, the seals its key (K5). */
function unlockMethod(id: Uint8Array, kind: ManifestUnlock["kind"], entry: UnlockEntry) {
  const { kemPub, proof } = entry;
  return { method: { id, kind, proof }, recipient: { id, kemPub } };
}

async function finish(
  suite: Suite,
  core: Omit<ManifestCore, "sealsHash">,
  sealed: Unlocked,
): Promise<PreparedManifest> {
  const seals = makeSeals(suite.random, core, sealed);
  const complete: ManifestCore = { ...core, sealsHash: sealsHash(seals) };
  const bytes = encodeCbor(complete);
  const signer = await suite.ed25519.signer(sealed.accountSeed);
  return {
    signed: { core: bytes, signature: await signer.sign("sign-manifest", bytes) },
    seals,
    verified: { core: complete, hash: manifestHash(bytes) },
    userKeys: sealed.userKeys,
  };
}

/** K10: everything a new account needs before anything is sent. */
export interface NewAccount {
  readonly account: Uint8Array;
  readonly device: DeviceKeys;
  readonly prepared: PreparedManifest;
  /** `auth` stays here; `id` and `authHash` are posted (K11) */
  readonly recovery: RecoveryProof;
}

/** K1: the account id is needed for passkey creation (user.id) before the manifest can be made. */
export const accountIdOfSeed = (accountSeed: Uint8Array): Uint8Array =>
  accountIdOf(ed25519PublicKey(accountSeed));

export const newAccountSeed = (random: Suite["random"]): Uint8Array => random.bytes(32);

/**
 * K10: manifest version 1 of a fresh account seed, which the caller drops once the account exists (K8).
 * `prfUnlock` is the entry of an enrolled passkey (K7), or null to go on with the code alone.
 */
export async function newAccount(
  suite: Suite,
  input: {
    readonly accountSeed: Uint8Array;
    readonly recoverySecret: Uint8Array;
    readonly prfUnlock: UnlockEntry | null;
    readonly now: number;
  },
): Promise<NewAccount> {
  const { random } = suite;
  const accountPub = ed25519PublicKey(input.accountSeed);
  const account = accountIdOf(accountPub);
  const device = newDevice(random);
  const userKey = newKemKey(random);
  const entry = unlockEntry(recoveryUnlockKey(input.recoverySecret), account);
  const unlocks = [
    unlockMethod(random.bytes(16), "code", entry),
    ...(input.prfUnlock ? [unlockMethod(random.bytes(16), "prf", input.prfUnlock)] : []),
  ];
  const prepared = await finish(
    suite,
    {
      v: PROTOCOL_VERSION,
      account,
      accountPub,
      version: 1,
      prev: null,
      devices: [manifestDevice(device, input.now)],
      gone: [],
      folded: null,
      unlocks: unlocks.map(({ method }) => method),
      generation: 1,
      generationSince: input.now,
      departedSince: 0,
      userKey: userKey.publicKey,
      earlierSeeds: null,
      time: input.now,
    },
    {
      accountSeed: input.accountSeed,
      userKeys: [userKey],
      recipients: {
        devices: [{ device: device.id, kemPub: device.kem.publicKey }],
        unlocks: unlocks.map(({ recipient }) => recipient),
      },
    },
  );
  return { account, device, prepared, recovery: recoveryProof(input.recoverySecret) };
}

/** A device that said goodbye (K3). */
export type Departure = Pick<FarewellCore, "device" | "time">;

/** One act on the account: several changes, one manifest (K5). */
export interface ManifestChange {
  readonly addDevice?: DeviceKeys;
  /** devices whose farewell was verified, and when they left (K3) */
  readonly departDevices?: readonly Departure[];
  readonly revokeDevices?: readonly Uint8Array[];
  readonly addUnlock?: UnlockEntry & { readonly kind: ManifestUnlock["kind"] };
  readonly removeUnlocks?: readonly Uint8Array[];
}

/** Whether this id is one of them. */
export const among = (ids: readonly Uint8Array[], id: Uint8Array): boolean =>
  ids.some((other) => equalBytes(other, id));

/** K3, K5: who goes with this change, in the order in which the manifest names them. */
function goneWith(change: ManifestChange, time: number): GoneDevice[] {
  const { departDevices = [], revokeDevices = [] } = change;
  return [
    ...departDevices.map(({ device, time: at }) => ({
      device,
      how: "departed" as const,
      at: Math.min(at, time),
    })),
    ...revokeDevices.map((device) => ({ device, how: "revoked" as const, at: time })),
  ];
}

/** K3: the generation that follows, with the user keys of all, or the one that goes on. */
function generationAfter(
  suite: Suite,
  old: ManifestCore,
  userKeys: UserKeys,
  next: Parameters<typeof beginsGeneration>[1],
) {
  const departed = next.went.filter(({ how }) => how === "departed").length;
  if (!beginsGeneration(old, next)) {
    const { generation, generationSince, userKey, earlierSeeds } = old;
    const departedSince = old.departedSince + departed;
    const kept = { generation, generationSince, departedSince, userKey, earlierSeeds };
    return { userKeys, generation: kept };
  }
  const fresh = newKemKey(suite.random);
  const last = userKeys.at(-1);
  const generation = {
    generation: old.generation + 1,
    generationSince: next.time,
    departedSince: 0,
    userKey: fresh.publicKey,
    earlierSeeds: earlierSeedsHash(last ? [last.seed] : [], old.earlierSeeds),
  };
  return { userKeys: [...userKeys, fresh], generation };
}

/**
 * K3, K5: the manifest that follows `before`, which `unlocked` was opened from. A revocation begins a generation with a
 * fresh user key; a departure does once the generation is seven days old.
 * Throws CoreError `too_long` at the device cap, `not_allowed` for ids that are not there.
 */
export async function nextManifest(
  suite: Suite,
  before: VerifiedManifest,
  unlocked: Unlocked,
  change: ManifestChange,
  now: number,
): Promise<PreparedManifest> {
  const old = before.core;
  const { addDevice, addUnlock, removeUnlocks = [] } = change;
  const { accountSeed, recipients } = unlocked;
  const added = addUnlock && unlockMethod(suite.random.bytes(16), addUnlock.kind, addUnlock);
  // T1: a manifest's time never falls below its predecessor's.
  const time = Math.max(now, old.time);
  const went = goneWith(change, time);
  const ids = went.map(({ device }) => device);
  const kept = old.devices.filter((d) => !among(ids, deviceIdOf(d.signPub)));
  const unlocks = old.unlocks.filter((u) => !among(removeUnlocks, u.id));
  if (
    kept.length !== old.devices.length - went.length ||
    unlocks.length !== old.unlocks.length - removeUnlocks.length
  ) {
    throw new CoreError("not_allowed", "no such device or unlock method");
  }
  const devices = addDevice ? [...kept, manifestDevice(addDevice, time)] : kept;
  if (devices.length > LIMITS.devices) throw new CoreError("too_long", "device cap (K2)");
  const lostUnlock = removeUnlocks.length > 0;
  const { userKeys, generation } = generationAfter(suite, old, unlocked.userKeys, {
    went,
    lostUnlock,
    time,
  });
  return finish(
    suite,
    {
      v: PROTOCOL_VERSION,
      account: old.account,
      accountPub: old.accountPub,
      version: old.version + 1,
      prev: before.hash,
      devices,
      ...goneAfter(old, went),
      unlocks: added ? [...unlocks, added.method] : unlocks,
      ...generation,
      time,
    },
    {
      accountSeed,
      userKeys,
      recipients: {
        devices: [
          ...recipients.devices.filter(({ device }) => !among(ids, device)),
          ...(addDevice ? [{ device: addDevice.id, kemPub: addDevice.kem.publicKey }] : []),
        ],
        unlocks: [
          ...recipients.unlocks.filter(({ id }) => !among(removeUnlocks, id)),
          ...(added ? [added.recipient] : []),
        ],
      },
    },
  );
}
