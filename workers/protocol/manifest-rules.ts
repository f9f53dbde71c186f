import { equalBytes, toBase64url } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";
import { ProtocolError } from "./errors.ts";
import { accountIdOf, deviceIdOf, deviceIdText } from "./ids.ts";
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

function checkContents(core: ManifestCore): void {
  if (!equalBytes(accountIdOf(core.accountPub), core.account)) refuse("id is not of this key (K1)");
  if (core.userKeys.length !== core.generation) refuse("one user key for each generation (K3)");
  const seen = new Set<string>();
  for (const { signPub, kemPub } of core.devices) {
    const id = deviceIdText(deviceIdOf(signPub));
    if (seen.has(id)) refuse("device named twice");
    seen.add(id);
    if (!isAdmissibleSigningKey(signPub) || !isAdmissibleKemKey(kemPub)) refuse("bad device key");
  }
  if (core.revoked.some((id) => seen.has(deviceIdText(id)))) refuse("device live and revoked");
  const unlocks = new Set(core.unlocks.map(({ id }) => toBase64url(id)));
  if (unlocks.size !== core.unlocks.length) refuse("unlock method named twice");
  if (![...core.unlocks.map((u) => u.kemPub), ...core.userKeys].every(isAdmissibleKemKey)) {
    refuse("bad key (E7)");
  }
}

const NAMES_ITSELF = { version: 1, prev: null, sealsHash: new Uint8Array(), time: 0 };

/** K5: whether two manifests say the same of the account; sealing anew says nothing. */
const saysTheSame = (a: ManifestCore, b: ManifestCore): boolean =>
  equalBytes(encodeCbor({ ...a, ...NAMES_ITSELF }), encodeCbor({ ...b, ...NAMES_ITSELF }));

function checkSuccession(core: ManifestCore, before: VerifiedManifest): void {
  const old = before.core;
  if (!equalBytes(core.accountPub, old.accountPub)) refuse("another account key (K1)");
  if (core.version !== old.version + 1) refuse("version is not the next (K5)");
  if (!core.prev || !equalBytes(core.prev, before.hash))
    refuse("does not follow its predecessor (K5)");
  if (saysTheSame(core, old)) refuse("changes nothing (K5)");
  if (core.generation < old.generation || core.generation > old.generation + 1) {
    refuse("generation skips (K3)");
  }
  const kept = core.userKeys.slice(0, old.generation);
  if (!old.userKeys.every((key, i) => equalBytes(key, kept[i] ?? new Uint8Array()))) {
    refuse("user keys of earlier generations changed (K3)");
  }
  if (core.revoked.length < old.revoked.length) refuse("a revocation was undone");
  if (!old.revoked.every((id, i) => equalBytes(id, core.revoked[i] ?? new Uint8Array()))) {
    refuse("revocations were rewritten");
  }
  const live = new Set(core.devices.map((d) => deviceIdText(deviceIdOf(d.signPub))));
  const revoked = new Set(core.revoked.map((id) => deviceIdText(id)));
  const newlyRevoked = core.revoked.length > old.revoked.length;
  for (const { signPub } of old.devices) {
    const id = deviceIdText(deviceIdOf(signPub));
    if (!live.has(id) && !revoked.has(id)) refuse("a device vanished without a revocation");
  }
  const lostUnlock = old.unlocks.some((u) => !core.unlocks.some((n) => equalBytes(n.id, u.id)));
  if ((newlyRevoked || lostUnlock) !== core.generation > old.generation) {
    refuse("the generation advances exactly when something is revoked (K3)");
  }
}

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
  checkContents(core);
  if (before) checkSuccession(core, before);
  else if (core.version !== 1 || core.prev !== null || core.generation !== 1) {
    refuse("the first manifest has version 1, generation 1 and no predecessor");
  }
  return { core, hash: manifestHash(signed.core) };
}

/** The live device with this id, or undefined (C8: as of this manifest, never of "now"). */
export function findDevice(core: ManifestCore, device: Uint8Array) {
  return core.devices.find(({ signPub }) => equalBytes(deviceIdOf(signPub), device));
}
