import { findMember } from "../../../../workers/protocol/bundle-entries.ts";
import type { CoreError } from "../../../core/errors.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import {
  failureNoticed,
  sendingStopped,
  wanted,
  wantsMet,
} from "../conversation/standstill-transitions.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { FailedKind, ProofCode, WantCode } from "../store/standstill.ts";
import type { Understanding, Understood } from "./understand.ts";

/** C5: what a bundle that must not be used says: proof, or what is wanted and whether something failed a check. */
type Stop =
  | { readonly kind: "proof"; readonly code: ProofCode }
  | { readonly kind: "want"; readonly code: WantCode; readonly failed: FailedKind | null };

/** Exhaustive over what `receive` and the directory refuse with; the rest is no judgement of a bundle. */
export function stopOf({ code }: CoreError): Stop {
  switch (code) {
    case "bundle_forked":
      return { kind: "proof", code: "fork" };
    case "bundle_gap":
      return { kind: "want", code: "bundle", failed: null };
    case "manifest_needed":
    case "own_account_hidden":
    case "manifest_lower":
      return { kind: "want", code: "manifest", failed: null };
    case "manifest_refused":
    case "manifest_forked":
    case "unbounded":
      return { kind: "want", code: "manifest", failed: "manifest" };
    case "bundle_refused":
    case "open_failed":
    case "bad_recovery_code":
    case "bad_link":
    case "unsupported_version":
    case "seals_refused":
    case "account_substituted":
    case "user_key_needed":
    case "invitation_mismatch":
    case "record_lower":
    case "unstorable":
    case "too_long":
    case "not_allowed":
      return { kind: "want", code: "bundle", failed: "bundle" };
  }
}

/** C5, C7: whether this account is a member and has no secret of the newest epoch. */
export function lacksSecret({ conversation }: BundleChain, self: Uint8Array): boolean {
  const head = conversation?.bundles.at(-1);
  if (!conversation || !head || !findMember(head.core, self)) return false;
  return !conversation.epochs.get(head.core.n)?.secret;
}

/** C5: a member's device wrote under a bundle that was not shown. */
const isUnderWithheld = ({ row }: Understood): boolean =>
  row.type === "quarantined" && row.reason === "bundle_withheld";

/** M9: a message that is not one; a placeholder that waits for something is none of these. */
const isBroken = ({ row }: Understood): boolean =>
  row.type === "quarantined" &&
  !row.retry &&
  row.reason !== "unstorable" &&
  row.reason !== "unsupported_version";

/** C5: as {@link withStanding} for places before the oldest, of which nothing is wanted for sending. */
export function withOlderStop(
  before: KeptConversation,
  { blocked, unnamed, rows }: Pick<Understanding, "blocked" | "unnamed" | "rows">,
  now: number,
): KeptConversation {
  const stop = blocked && stopOf(blocked);
  if (stop?.kind === "proof") return sendingStopped(before, stop.code);
  return withFailures(before, stop?.failed ?? null, { unnamed, rows }, now);
}

function withFailures(
  before: KeptConversation,
  failed: FailedKind | null,
  { unnamed, rows }: Pick<Understanding, "unnamed" | "rows">,
  now: number,
): KeptConversation {
  let kept = before;
  if (failed) kept = failureNoticed(kept, failed, now);
  if (unnamed.length > 0) kept = failureNoticed(kept, "share", now);
  return rows.some(isBroken) ? failureNoticed(kept, "message", now) : kept;
}

/**
 * C5: what is kept after these items were understood: proof, or what is wanted of them, and a notice of each kind that
 * failed a check. `isWhole`: they are all that waits, so that what was wanted before has come where nothing is.
 */
export function withStanding(
  before: KeptConversation,
  understanding: Understanding,
  self: Uint8Array,
  now: number,
  isWhole: boolean,
): KeptConversation {
  const { blocked, chain, rows } = understanding;
  const stop = blocked && stopOf(blocked);
  if (stop?.kind === "proof") return sendingStopped(before, stop.code);
  const kept = withFailures(before, stop?.failed ?? null, understanding, now);
  const code =
    stop?.code ??
    (rows.some(isUnderWithheld) ? "bundle" : lacksSecret(chain, self) ? "share" : null);
  if (code !== null) return wanted(kept, code, now);
  return isWhole ? wantsMet(kept, ["bundle", "manifest", "share"]) : kept;
}
