import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { accountIdOf, deviceIdOf } from "../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import type { VerifiedManifest } from "../../../workers/protocol/manifest-rules.ts";
import {
  type ManifestCore,
  type SignedManifest,
  manifestHash,
  sealsHash,
} from "../../../workers/protocol/manifest.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { ed25519PublicKey } from "../crypto/ed25519.ts";
import { newKemKey } from "../crypto/kem.ts";
import { type RecoveryProof, recoveryProof, recoveryUnlockKey } from "../crypto/recovery-code.ts";
import type { Suite } from "../crypto/suite.ts";
import { CoreError } from "../errors.ts";
import { type DeviceKeys, manifestDevice, newDevice } from "./device.ts";
import { type UserKeys, makeSeals } from "./seals.ts";

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

async function finish(
  suite: Suite,
  core: Omit<ManifestCore, "sealsHash">,
  accountSeed: Uint8Array,
  userKeys: UserKeys,
): Promise<PreparedManifest> {
  const seals = makeSeals(suite.random, core, accountSeed, userKeys);
  const complete: ManifestCore = { ...core, sealsHash: sealsHash(seals) };
  const bytes = encodeCbor(complete);
  const signer = await suite.ed25519.signer(accountSeed);
  return {
    signed: { core: bytes, signature: await signer.sign("sign-manifest", bytes) },
    seals,
    verified: { core: complete, hash: manifestHash(bytes) },
    userKeys,
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
 * `prfUnlock` is the public key of an enrolled passkey (K7), or null to go on with the code alone.
 */
export async function newAccount(
  suite: Suite,
  input: {
    readonly accountSeed: Uint8Array;
    readonly recoverySecret: Uint8Array;
    readonly prfUnlock: Uint8Array | null;
    readonly now: number;
  },
): Promise<NewAccount> {
  const { random } = suite;
  const accountPub = ed25519PublicKey(input.accountSeed);
  const account = accountIdOf(accountPub);
  const device = newDevice(random);
  const userKey = newKemKey(random);
  const code: ManifestUnlock = {
    id: random.bytes(16),
    kind: "code",
    kemPub: recoveryUnlockKey(input.recoverySecret).publicKey,
  };
  const prf: ManifestUnlock[] = input.prfUnlock
    ? [{ id: random.bytes(16), kind: "prf", kemPub: input.prfUnlock }]
    : [];
  const prepared = await finish(
    suite,
    {
      v: PROTOCOL_VERSION,
      account,
      accountPub,
      version: 1,
      prev: null,
      devices: [manifestDevice(device, input.now)],
      revoked: [],
      unlocks: [code, ...prf],
      generation: 1,
      userKeys: [userKey.publicKey],
      time: input.now,
    },
    input.accountSeed,
    [userKey],
  );
  return { account, device, prepared, recovery: recoveryProof(input.recoverySecret) };
}

/** One act on the account: several changes, one manifest (K5). */
export interface ManifestChange {
  readonly addDevice?: DeviceKeys;
  readonly revokeDevices?: readonly Uint8Array[];
  readonly addUnlock?: { readonly kind: ManifestUnlock["kind"]; readonly kemPub: Uint8Array };
  readonly removeUnlocks?: readonly Uint8Array[];
}

const among = (ids: readonly Uint8Array[], id: Uint8Array): boolean =>
  ids.some((other) => equalBytes(other, id));

/**
 * K3, K5: the manifest that follows `before`. A revocation advances the generation with a fresh user key.
 * Throws CoreError `too_long` at the device cap, `not_allowed` for ids that are not there.
 */
export async function nextManifest(
  suite: Suite,
  before: VerifiedManifest,
  secrets: { readonly accountSeed: Uint8Array; readonly userKeys: UserKeys },
  change: ManifestChange,
  now: number,
): Promise<PreparedManifest> {
  const old = before.core;
  const { addDevice, addUnlock, revokeDevices = [], removeUnlocks = [] } = change;
  const kept = old.devices.filter((d) => !among(revokeDevices, deviceIdOf(d.signPub)));
  const unlocks = old.unlocks.filter((u) => !among(removeUnlocks, u.id));
  if (
    kept.length !== old.devices.length - revokeDevices.length ||
    unlocks.length !== old.unlocks.length - removeUnlocks.length
  ) {
    throw new CoreError("not_allowed", "no such device or unlock method");
  }
  const devices = addDevice ? [...kept, manifestDevice(addDevice, now)] : kept;
  if (devices.length > LIMITS.devices) throw new CoreError("too_long", "device cap (K2)");
  const advances = revokeDevices.length + removeUnlocks.length > 0;
  const userKeys = advances ? [...secrets.userKeys, newKemKey(suite.random)] : secrets.userKeys;
  if (userKeys.length > LIMITS.generations) throw new CoreError("too_long", "generations");
  return finish(
    suite,
    {
      v: PROTOCOL_VERSION,
      account: old.account,
      accountPub: old.accountPub,
      version: old.version + 1,
      prev: before.hash,
      devices,
      revoked: [...old.revoked, ...revokeDevices],
      unlocks: addUnlock ? [...unlocks, { id: suite.random.bytes(16), ...addUnlock }] : unlocks,
      generation: userKeys.length,
      userKeys: userKeys.map((key) => key.publicKey),
      time: Math.max(now, old.time),
    },
    secrets.accountSeed,
    userKeys,
  );
}

/**
 * K13, K2: a new device of an account that was just unlocked. At the cap the device unseen longest is revoked
 * in the same manifest. `lastSeen` gives the time of a device's last session, null where none is known.
 */
export async function addDevice(
  suite: Suite,
  before: VerifiedManifest,
  secrets: { readonly accountSeed: Uint8Array; readonly userKeys: UserKeys },
  lastSeen: (device: Uint8Array) => number | null,
  now: number,
): Promise<{
  readonly device: DeviceKeys;
  readonly prepared: PreparedManifest;
  /** to be said to the person; null below the cap */
  readonly revoked: Uint8Array | null;
}> {
  const device = newDevice(suite.random);
  const full = before.core.devices.length >= LIMITS.devices;
  const revoked = full ? unseenLongest(before.core, lastSeen) : null;
  const change = { addDevice: device, ...(revoked ? { revokeDevices: [revoked] } : {}) };
  return { device, revoked, prepared: await nextManifest(suite, before, secrets, change, now) };
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
