import { equalBytes, toBase64url } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";
import { ProtocolError } from "./errors.ts";
import { type GoneDevice, goneAfter } from "./gone-devices.ts";
import { type DeviceId, accountIdOf, deviceIdOf, deviceIdText } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import {
  type ManifestCore,
  type SignedManifest,
  decodeManifestCore,
  manifestHash,
} from "./manifest.ts";
import {
  type Ed25519Verifier,
  isAdmissibleKemKey,
  isAdmissibleSigningKey,
  verifySigned,
} from "./signing.ts";

/** A manifest that passed {@link verifyManifest}, with the hash of its core. */
export interface VerifiedManifest {
  readonly core: ManifestCore;
  readonly hash: Uint8Array;
}

const refuse = (why: string): never => {
  throw new ProtocolError("manifest_refused", why);
};

const idOf = ({ signPub }: ManifestCore["devices"][number]) => deviceIdText(deviceIdOf(signPub));

/** `old` passed already: what stays of it is not checked again, which is most of a manifest. */
function checkContents(core: ManifestCore, old: ManifestCore | null): void {
  if (!equalBytes(accountIdOf(core.accountPub), core.account)) refuse("id is not of this key (K1)");
  const seen = new Set<string>();
  for (const device of core.devices) {
    const id = idOf(device);
    if (seen.has(id)) refuse("device named twice");
    seen.add(id);
    if (old && findDevice(old, deviceIdOf(device.signPub))) continue;
    if (!isAdmissibleSigningKey(device.signPub)) refuse("bad device key (E7)");
  }
  const unlocks = new Set(core.unlocks.map(({ id }) => toBase64url(id)));
  if (unlocks.size !== core.unlocks.length) refuse("unlock method named twice");
  const isKept = old !== null && equalBytes(old.userKey, core.userKey);
  if (!isKept && !isAdmissibleKemKey(core.userKey)) refuse("bad user key (E7)");
}

const sameBytes = (a: unknown, b: unknown): boolean => equalBytes(encodeCbor(a), encodeCbor(b));

/** Which manifest it is, and who went before it. */
const NAMES_ITSELF = {
  version: 1,
  prev: null,
  gone: [],
  folded: null,
  sealsHash: new Uint8Array(),
  time: 0,
};

/** K5: whether two manifests say the same of the account; sealing anew says nothing. */
const saysTheSame = (a: ManifestCore, b: ManifestCore): boolean =>
  sameBytes({ ...a, ...NAMES_ITSELF }, { ...b, ...NAMES_ITSELF });

/** K5: what stays is unchanged. The devices that went with this manifest, as it names them. */
function checkDevices(core: ManifestCore, old: ManifestCore): readonly GoneDevice[] {
  const live = new Map(core.devices.map((device) => [idOf(device), device]));
  const vanished = new Set<DeviceId>();
  for (const device of old.devices) {
    const id = idOf(device);
    const kept = live.get(id);
    if (!kept) vanished.add(id);
    else if (!sameBytes(kept, device)) refuse("a live device was rewritten");
  }
  const went = core.gone;
  const named = new Set(went.map(({ device }) => deviceIdText(device)));
  if (went.length !== vanished.size || [...vanished].some((id) => !named.has(id))) {
    refuse("a device vanished without farewell or revocation, or one is named that did not");
  }
  if (went.some(({ at }) => at > core.time)) refuse("a device that goes in the future");
  if (!sameBytes(goneAfter(old, went).folded, core.folded)) {
    refuse("what was said of gone devices was rewritten");
  }
  if (old.gone.some(({ device }) => live.has(deviceIdText(device))))
    refuse("a gone device is back");
  return went;
}

/** Whether an unlock method is gone. Throws where one that stays was rewritten. */
function lostUnlock(core: ManifestCore, old: ManifestCore): boolean {
  const kept = old.unlocks.map((method) => {
    const now = core.unlocks.find(({ id }) => equalBytes(id, method.id));
    if (now && !sameBytes(now, method)) refuse("an unlock method was rewritten");
    return now !== undefined;
  });
  return kept.includes(false);
}

/**
 * K3: whether the manifest that follows begins a generation: something is revoked, or devices departed and the
 * generation is seven days old. After LIMITS.generations none is begun any more.
 */
export function beginsGeneration(
  old: ManifestCore,
  next: {
    readonly went: readonly GoneDevice[];
    readonly lostUnlock: boolean;
    readonly time: number;
  },
): boolean {
  if (old.generation >= LIMITS.generations) return false;
  const departed = old.departedSince + next.went.filter(({ how }) => how === "departed").length;
  const isOld = next.time - old.generationSince >= LIMITS.generationMs;
  return (
    next.lostUnlock || next.went.some(({ how }) => how === "revoked") || (departed > 0 && isOld)
  );
}

function checkGeneration(core: ManifestCore, old: ManifestCore, went: readonly GoneDevice[]): void {
  const begins = beginsGeneration(old, {
    went,
    lostUnlock: lostUnlock(core, old),
    time: core.time,
  });
  if (core.generation !== old.generation + (begins ? 1 : 0)) {
    refuse("a generation begins exactly when something is revoked, or devices departed (K3)");
  }
  if (begins) {
    const isFresh =
      core.departedSince === 0 &&
      core.generationSince === core.time &&
      core.earlierSeeds !== null &&
      !equalBytes(core.userKey, old.userKey);
    if (!isFresh) refuse("a generation begins with a fresh user key (K3)");
    return;
  }
  const departed = went.filter(({ how }) => how === "departed").length;
  const kept = { ...old, departedSince: old.departedSince + departed };
  if (!sameBytes(generationOf(core), generationOf(kept)))
    refuse("the generation was rewritten (K3)");
}

const generationOf = (core: ManifestCore) => [
  core.generationSince,
  core.departedSince,
  core.userKey,
  core.earlierSeeds,
];

function checkSuccession(core: ManifestCore, before: VerifiedManifest): void {
  const old = before.core;
  if (!equalBytes(core.accountPub, old.accountPub)) refuse("another account key (K1)");
  if (core.version !== old.version + 1) refuse("version is not the next (K5)");
  if (!core.prev || !equalBytes(core.prev, before.hash))
    refuse("does not follow its predecessor (K5)");
  if (core.time < old.time) refuse("time fell (T1)");
  if (saysTheSame(core, old)) refuse("changes nothing (K5)");
  checkGeneration(core, old, checkDevices(core, old));
}

const isFirst = (core: ManifestCore): boolean =>
  core.version === 1 &&
  core.prev === null &&
  core.generation === 1 &&
  core.generationSince === core.time &&
  core.departedSince === 0 &&
  core.earlierSeeds === null &&
  core.gone.length === 0 &&
  core.folded === null;

/**
 * K5: signature by the account key, then contents, then succession to `before` (null for version 1).
 * Used by clients for trust and by the server as defence in depth.
 * Throws ProtocolError `manifest_refused` or `bad_request`.
 */
export async function verifyManifest(
  verifier: Ed25519Verifier,
  signed: SignedManifest,
  before: VerifiedManifest | null,
): Promise<VerifiedManifest> {
  const core = decodeManifestCore(signed.core);
  const key = before?.core.accountPub ?? core.accountPub;
  if (!(await verifySigned(verifier, "sign-manifest", key, signed.core, signed.signature))) {
    refuse("signature");
  }
  checkContents(core, before?.core ?? null);
  if (before) checkSuccession(core, before);
  else if (!isFirst(core)) {
    refuse("the first manifest has version 1, generation 1, no predecessor and no past");
  }
  return { core, hash: manifestHash(signed.core) };
}

/** The live device with this id, or undefined (C8: as of this manifest, never of "now"). */
export function findDevice(core: ManifestCore, device: Uint8Array) {
  return core.devices.find(({ signPub }) => equalBytes(deviceIdOf(signPub), device));
}
