import { ed25519 } from "@noble/curves/ed25519.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { equalBytes } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";
import type { FarewellCore } from "./farewell.ts";
import { goneAfter } from "./gone-devices.ts";
import { accountIdOf, deviceIdOf } from "./ids.ts";
import type { Purpose } from "./labels.ts";
import {
  type AccountSeals,
  type ManifestCore,
  type SignedManifest,
  decodeAccountSeals,
  manifestHash,
  sealsHash,
} from "./manifest.ts";
import { signingInput } from "./signing.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/** Valid signed objects for tests; their seals are noise, which only a client could notice. */
export interface TestDevice {
  readonly seed: Uint8Array;
  readonly signPub: Uint8Array;
  readonly kemPub: Uint8Array;
  readonly id: Uint8Array;
}

export interface TestAccount {
  readonly seed: Uint8Array;
  readonly id: Uint8Array;
  readonly devices: readonly TestDevice[];
  readonly core: ManifestCore;
  readonly signed: SignedManifest;
  readonly hash: Uint8Array;
  readonly manifestCbor: Uint8Array;
  readonly sealsCbor: Uint8Array;
}

export const signWith = (seed: Uint8Array, purpose: Purpose, bytes: Uint8Array): Uint8Array =>
  ed25519.sign(signingInput(purpose, bytes), seed);

export const makeKemPublic = (): Uint8Array => ml_kem768_x25519.keygen(randomBytes(32)).publicKey;

export function makeDevice(): TestDevice {
  const seed = randomBytes(32);
  const signPub = ed25519.getPublicKey(seed);
  return { seed, signPub, kemPub: makeKemPublic(), id: deviceIdOf(signPub) };
}

export const makeUnlock = (kind: "prf" | "code" = "code") => ({
  id: randomBytes(16),
  kind,
  proof: randomBytes(64),
});

/**
 * Seals of the right shape for exactly the devices and unlock methods of a core: whoever stays keeps the key of the
 * seals before.
 */
export function sealsFor(
  core: Pick<ManifestCore, "devices" | "unlocks">,
  devices: readonly TestDevice[],
  before: AccountSeals | null = null,
): AccountSeals {
  const kept = (id: Uint8Array): Uint8Array | undefined =>
    before?.unlocks.find((one) => equalBytes(one.id, id))?.kemPub;
  return {
    v: PROTOCOL_VERSION,
    devices: core.devices.map(({ signPub }) => ({
      device: deviceIdOf(signPub),
      kemPub: devices.find((one) => equalBytes(one.signPub, signPub))?.kemPub ?? makeKemPublic(),
      seal: randomBytes(1168),
    })),
    unlocks: core.unlocks.map(({ id }) => ({
      id,
      kemPub: kept(id) ?? makeKemPublic(),
      seal: randomBytes(1168),
    })),
    earlier: null,
  };
}

export function signManifest(seed: Uint8Array, core: ManifestCore): SignedManifest {
  const bytes = encodeCbor(core);
  return { core: bytes, signature: signWith(seed, "sign-manifest", bytes) };
}

function account(
  seed: Uint8Array,
  devices: readonly TestDevice[],
  unsealed: ManifestCore,
  before: TestAccount | null = null,
): TestAccount {
  const known = before && decodeAccountSeals(before.sealsCbor);
  const sealsCbor = encodeCbor(sealsFor(unsealed, devices, known));
  const core = { ...unsealed, sealsHash: sealsHash(sealsCbor) };
  const signed = signManifest(seed, core);
  return {
    seed,
    id: core.account,
    devices,
    core,
    signed,
    hash: manifestHash(signed.core),
    manifestCbor: encodeCbor(signed),
    sealsCbor,
  };
}

const listed = ({ signPub }: TestDevice) => ({ signPub, since: 1 });

/** An account with manifest 1. */
export function makeAccount(change: Partial<ManifestCore> = {}, deviceCount = 1): TestAccount {
  const seed = randomBytes(32);
  const accountPub = ed25519.getPublicKey(seed);
  const devices = Array.from({ length: deviceCount }, makeDevice);
  return account(seed, devices, {
    v: PROTOCOL_VERSION,
    account: accountIdOf(accountPub),
    accountPub,
    version: 1,
    prev: null,
    devices: devices.map(listed),
    gone: [],
    folded: null,
    unlocks: [makeUnlock()],
    generation: 1,
    generationSince: change.time ?? 1,
    departedSince: 0,
    userKey: makeKemPublic(),
    earlierSeeds: null,
    sealsHash: new Uint8Array(32),
    time: 1,
    ...change,
  });
}

/** What begins a generation after this core (K3). */
export const nextGeneration = (core: ManifestCore, time = core.time) => ({
  generation: core.generation + 1,
  generationSince: time,
  departedSince: 0,
  userKey: makeKemPublic(),
  earlierSeeds: randomBytes(32),
});

/** K3: the farewell of an account's device, by itself unless another one is said to sign. */
export function makeFarewell(
  { core }: TestAccount,
  device: TestDevice,
  change: Partial<FarewellCore> = {},
  by = device,
): Uint8Array {
  const said: FarewellCore = {
    v: PROTOCOL_VERSION,
    account: core.account,
    device: device.id,
    manifestVersion: core.version,
    time: 1,
    ...change,
  };
  const bytes = encodeCbor(said);
  return encodeCbor({ core: bytes, signature: signWith(by.seed, "sign-farewell", bytes) });
}

/** The next manifest, unchanged but for `change`. */
export const succeed = (
  before: TestAccount,
  change: Partial<ManifestCore> = {},
  devices = before.devices,
): TestAccount =>
  account(
    before.seed,
    devices,
    {
      ...before.core,
      version: before.core.version + 1,
      prev: before.hash,
      gone: [],
      folded: goneAfter(before.core, []).folded,
      ...change,
    },
    before,
  );

/** The next manifest with one device more. */
export function withDevice(before: TestAccount, device = makeDevice()): TestAccount {
  const devices = [...before.core.devices, listed(device)];
  return succeed(before, { devices }, [...before.devices, device]);
}

/** The next manifest, in which this device is revoked and the user key has advanced (K3). */
export function withoutDevice(before: TestAccount, device: TestDevice): TestAccount {
  const left = before.devices.filter((other) => other !== device);
  const { core } = before;
  const went = { device: device.id, how: "revoked" as const, at: core.time };
  const change = {
    devices: left.map(listed),
    ...goneAfter(core, [went]),
    ...nextGeneration(core),
  };
  return succeed(before, change, left);
}

/** The next manifest, in which this device has departed within a young generation (K3). */
export function withDeparted(before: TestAccount, device: TestDevice): TestAccount {
  const left = before.devices.filter((other) => other !== device);
  const { core } = before;
  const went = { device: device.id, how: "departed" as const, at: core.time };
  const change = {
    devices: left.map(listed),
    ...goneAfter(core, [went]),
    departedSince: core.departedSince + 1,
  };
  return succeed(before, change, left);
}
