import { findMember } from "../../../workers/protocol/bundle-entries.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { findDevice } from "../../../workers/protocol/manifest-rules.ts";
import type { Ed25519Verifier } from "../../../workers/protocol/signing.ts";
import { type ManifestHistory, headOf, manifestAt } from "../account/history.ts";
import type { Conversation } from "../conversation/state.ts";

/** What a signed object of a conversation is judged against. */
export interface OpeningContext {
  readonly verifier: Ed25519Verifier;
  readonly conversation: Conversation;
  readonly historyOf: (account: Uint8Array) => ManifestHistory | undefined;
}

/** Who claims to have signed, under which bundle. */
export interface Claimed {
  readonly n: number;
  readonly head: Uint8Array;
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  readonly manifestVersion: number;
}

/** Why there is no signing key to believe. */
export type AuthorityProblem =
  /** its bundle is not held: retried when it arrives */
  | "bundle_needed"
  /** it names another head for its n: a fork (C5) */
  | "fork"
  | "not_a_member"
  /** its manifest version is above what is held: retried when it arrives (C8) */
  | "manifest_needed"
  /** the device is not live in that manifest, or the version fell behind the roster's (C8) */
  | "unknown_device";

export interface Authority {
  readonly key: Uint8Array;
  readonly history: ManifestHistory;
}

/** C8, M3: the signing key that the claim's authority comes from, or why there is none. */
export function authorityOf(
  context: OpeningContext,
  claimed: Claimed,
): Authority | AuthorityProblem {
  const bundle = context.conversation.bundles[claimed.n];
  if (!bundle) return "bundle_needed";
  if (!equalBytes(bundle.hash, claimed.head)) return "fork";
  const member = findMember(bundle.core, claimed.account);
  if (!member) return "not_a_member";
  const history = context.historyOf(claimed.account);
  const manifest = history && manifestAt(history, claimed.manifestVersion);
  if (!history || claimed.manifestVersion > headOf(history).core.version) return "manifest_needed";
  // Versions never fall along the chain: a device revoked before this bundle cannot name an older manifest.
  if (!manifest || claimed.manifestVersion < member.manifest.version) return "unknown_device";
  const device = findDevice(manifest.core, claimed.device);
  return device ? { key: device.signPub, history } : "unknown_device";
}

/** C8: whether this device, which was live once, is so no more in the newest manifest that is held. */
export const isSinceRemoved = ({ history }: Authority, device: Uint8Array): boolean =>
  !findDevice(headOf(history).core, device);
