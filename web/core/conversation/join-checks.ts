import { findMember, findPending, ownerOf } from "../../../workers/protocol/bundle-entries.ts";
import type { PendingEntry } from "../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { type Conversation, headBundle } from "../conversation/state.ts";
import { CoreError } from "../errors.ts";
import type { InviteKeys } from "../invitation/keys.ts";

/**
 * I3: before joining, the genesis owner is the inviter that the link names, and the entry of this invitation
 * is in the head with this invitation's keys. Throws CoreError `invitation_mismatch`.
 */
export function checkInvitation(
  conversation: Conversation,
  inviter: Uint8Array,
  keys: InviteKeys,
): PendingEntry {
  const genesis = conversation.bundles[0];
  if (!genesis || genesis.core.n !== 0) throw new CoreError("bundle_gap", "no bundle 0");
  if (!equalBytes(ownerOf(genesis.core).account, inviter)) {
    throw new CoreError("invitation_mismatch", "the owner is not the inviter (I3)");
  }
  const entry = findPending(headBundle(conversation).core, keys.id);
  if (!entry || !equalBytes(entry.kemPub, keys.kem.publicKey)) {
    throw new CoreError("invitation_mismatch", "not pending in the head (I3)");
  }
  return entry;
}

/**
 * I5: every epoch key that was sealed or granted to this invitation is here, for what the join does not grant anew is
 * lost: the server then deletes it. Throws CoreError `bundle_gap` where one has not come.
 */
export function checkKeys({ bundles, epochs }: Conversation, invite: Uint8Array): void {
  const isMine = ({ recipient }: { readonly recipient: Uint8Array }) =>
    equalBytes(recipient, invite);
  for (const { core } of bundles) {
    const spans = [
      ...core.seals.filter(isMine).map(() => ({ from: core.n, to: core.n })),
      ...core.grants.filter(isMine),
    ];
    for (const { from, to } of spans) {
      for (let n = from; n <= to; n++) {
        if (!epochs.get(n)?.key) throw new CoreError("bundle_gap", `the key of epoch ${n} (I5)`);
      }
    }
  }
}

/** I3: how a member was verified: by an invitation of the owner, accepted with the invite key. */
export type Verification = "by-your-invitation" | "by-their-invitation" | "waiting";

export function verificationOf(conversation: Conversation, own: Uint8Array): Verification {
  if (!findMember(headBundle(conversation).core, own)) return "waiting";
  const joined = conversation.bundles.filter(({ core }) => core.change.kind === "join");
  if (joined.length === 0) return "waiting";
  const genesis = conversation.bundles[0];
  const mine = genesis && equalBytes(ownerOf(genesis.core).account, own);
  return mine ? "by-your-invitation" : "by-their-invitation";
}
