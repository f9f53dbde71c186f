import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import { type VerifiedManifest, verifyManifest } from "../../../workers/protocol/manifest-rules.ts";
import {
  type SignedManifest,
  decodeManifestCore,
  manifestHash,
} from "../../../workers/protocol/manifest.ts";
import type { Ed25519Verifier } from "../../../workers/protocol/signing.ts";
import { CoreError } from "../errors.ts";
import { type ManifestHistory, type Pin, headOf, manifestAt } from "./history.ts";

/** K6: what is shown of an account against its pin. Throws CoreError `manifest_lower` or `manifest_forked`. */
export function checkPin(history: ManifestHistory, pin: Pin | null): void {
  if (!pin) return;
  const { version } = headOf(history).core;
  if (version < pin.version) {
    throw new CoreError("manifest_lower", `${version} under ${pin.version} (K6)`);
  }
  const pinned = manifestAt(history, pin.version);
  if (pinned && !equalBytes(pinned.hash, pin.hash)) {
    throw new CoreError("manifest_forked", `version ${pin.version}`);
  }
}

/** The keys of all devices that were ever live, and of those that are now. */
interface Devices {
  readonly ever: Set<string>;
  readonly live: ReadonlySet<string>;
}

const keysOf = ({ core }: VerifiedManifest): string[] =>
  core.devices.map(({ signPub }) => toBase64url(signPub));

const devicesOf = (manifests: readonly VerifiedManifest[]): Devices => ({
  ever: new Set(manifests.flatMap(keysOf)),
  live: new Set(manifests.slice(-1).flatMap(keysOf)),
});

/**
 * K3: a device that was live once and went never is again, also where its name is folded into a hash. Each manifest is
 * looked at once, however long the chain: an account that signs in daily has thousands.
 */
function withNoneBack({ ever, live }: Devices, next: VerifiedManifest): Devices {
  const keys = keysOf(next);
  if (keys.some((key) => ever.has(key) && !live.has(key))) {
    throw new CoreError("manifest_refused", "a gone device is back (K3)");
  }
  for (const key of keys) ever.add(key);
  return { ever, live: new Set(keys) };
}

/**
 * What was verified of a manifest, by whom and after which one. A sign-in verifies its chain before it signs and gives it to the
 * directory after: thousands of manifests, of which each costs several public-key operations.
 */
const found = new WeakMap<
  SignedManifest,
  {
    readonly verifier: Ed25519Verifier;
    readonly before: VerifiedManifest | null;
    readonly after: VerifiedManifest;
  }
>();

async function verified(
  verifier: Ed25519Verifier,
  signed: SignedManifest,
  before: VerifiedManifest | null,
): Promise<VerifiedManifest> {
  const known = found.get(signed);
  // The very objects: what was verified after another one is not verified after this.
  if (known?.verifier === verifier && known.before === before) return known.after;
  try {
    const after = await verifyManifest(verifier, signed, before);
    found.set(signed, { verifier, before, after });
    return after;
  } catch (error) {
    throw new CoreError("manifest_refused", error instanceof Error ? error.message : "");
  }
}

/**
 * K5, K6: verifies a chain as the server shows it. With `known`, the chain may start anywhere up to the
 * version after its head: what overlaps must be equal, the rest must follow. Without, it starts at version 1.
 * The result never ends below `pin`.
 * Throws CoreError `manifest_refused`, `manifest_forked`, `manifest_lower`.
 */
export async function verifyHistory(
  verifier: Ed25519Verifier,
  account: Uint8Array,
  chain: readonly SignedManifest[],
  known: ManifestHistory | null,
  pin: Pin | null,
): Promise<ManifestHistory> {
  const manifests = known ? [...known.manifests] : [];
  let devices = devicesOf(manifests);
  for (const signed of chain) {
    const held = known && heldAs(known, signed);
    if (held) continue;
    const next = await verified(verifier, signed, manifests.at(-1) ?? null);
    if (!equalBytes(next.core.account, account)) {
      throw new CoreError("manifest_refused", "another account (K1)");
    }
    devices = withNoneBack(devices, next);
    manifests.push(next);
  }
  if (manifests.length === 0) throw new CoreError("manifest_lower", "nothing shown");
  const history = { account, manifests };
  checkPin(history, pin);
  return history;
}

/** Whether a shown manifest is one that is held; another one of a held version is a fork (K6). */
function heldAs(known: ManifestHistory, signed: SignedManifest): boolean {
  const hash = manifestHash(signed.core);
  if (known.manifests.some((manifest) => equalBytes(manifest.hash, hash))) return true;
  let version: number;
  try {
    version = decodeManifestCore(signed.core).version;
  } catch {
    throw new CoreError("manifest_refused", "malformed");
  }
  if (version <= headOf(known).core.version) {
    throw new CoreError("manifest_forked", `version ${version}`);
  }
  return false;
}
