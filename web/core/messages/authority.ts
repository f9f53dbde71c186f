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
  /** it names another head for its n: a fork, once its signature is verified (C5) */
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

/** Whether the bundle that is named is the one held at its n, another one (C5), or above all that are held. */
export type NamedHead = "held" | "other" | "above";

export function namedHead({ conversation }: OpeningContext, { n, head }: Claimed): NamedHead {
  const bundle = conversation.bundles[n];
  if (!bundle) return "above";
  return equalBytes(bundle.hash, head) ? "held" : "other";
}

/** C8, M3: the signing key that the claim's authority comes from, or why there is none. */
export function authorityOf(
  context: OpeningContext,
  claimed: Claimed,
): Authority | AuthorityProblem {
  switch (namedHead(context, claimed)) {
    case "above":
      return "bundle_needed";
    case "other":
      return "fork";
    case "held":
      return signerOf(context, claimed);
  }
}

/**
 * C5, C8: the key that a member's device signs with, by the bundle that is held at the n that is named, or by the
 * newest for an n above all. Whether it names the head that is held is {@link namedHead}'s to say.
 */
export function signerOf(context: OpeningContext, claimed: Claimed): Authority | AuthorityProblem {
  const { bundles } = context.conversation;
  const bundle = bundles[claimed.n] ?? bundles.at(-1);
  const member = bundle && findMember(bundle.core, claimed.account);
  // Whom a bundle brings that is not held cannot be known.
  if (!member) return bundles[claimed.n] ? "not_a_member" : "bundle_needed";
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
