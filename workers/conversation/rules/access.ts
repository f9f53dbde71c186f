import { findMember, findPending } from "../../protocol/bundle-entries.ts";
import type { CheckedBundle } from "../../protocol/bundle-rules.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import type { ErrorCode } from "../../protocol/errors.ts";

/** I6: this account may read until the invitation's join or expiry. */
export interface Claim {
  readonly invite: Uint8Array;
  readonly account: Uint8Array;
}

export type InviteState = "open" | "used" | "withdrawn";

/** How somebody stands to the conversation; `recipients` are whose seals it may have. */
export type Standing =
  | { readonly kind: "member"; readonly recipients: readonly Uint8Array[] }
  | { readonly kind: "claimant"; readonly recipients: readonly Uint8Array[] }
  | { readonly kind: "stranger" };

const STRANGER: Standing = { kind: "stranger" };

/** I6: members of the head's roster read; claimants read while their entry is pending and unexpired. */
export function standingOf(
  head: CheckedBundle,
  claims: readonly Claim[],
  account: Uint8Array,
  now: number,
): Standing {
  if (findMember(head.core, account)) return { kind: "member", recipients: [account] };
  const invites = claims
    .filter((claim) => equalBytes(claim.account, account))
    .map((claim) => claim.invite)
    .filter((invite) => {
      const entry = findPending(head.core, invite);
      return entry !== undefined && now <= entry.expiry;
    });
  if (invites.length === 0) return STRANGER;
  return { kind: "claimant", recipients: [account, ...invites] };
}

/** I3, I4: whether an invitation can be claimed, and if not, which of the clear answers is due. */
export function claimRefusal(
  head: CheckedBundle,
  invite: Uint8Array,
  state: InviteState | undefined,
  now: number,
): ErrorCode | null {
  switch (state) {
    case undefined:
      return "not_found";
    case "used":
      return "invitation_used";
    case "withdrawn":
      return "invitation_withdrawn";
    case "open": {
      const entry = findPending(head.core, invite);
      return entry && now <= entry.expiry ? null : "invitation_expired";
    }
  }
}
