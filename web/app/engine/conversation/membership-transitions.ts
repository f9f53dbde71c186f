import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { PrivateRecord } from "../../../core/private-state/records.ts";
import type { ConversationRecord } from "../store/records.ts";
import type { KeptConversation } from "./kept.ts";

/** C5: this is the newest bundle that is stored, with so many accounts in its roster. */
export const headAdvanced = (
  kept: KeptConversation,
  head: number,
  members: number,
): KeptConversation => ({ ...kept, head, members });

/** An invitation of this account may be accepted. */
export const invitationOpened = (
  kept: KeptConversation,
  invitation: NonNullable<ConversationRecord["invitation"]>,
): KeptConversation => ({ ...kept, invitation });

/** It was withdrawn. */
export const invitationClosed = (kept: KeptConversation): KeptConversation => ({
  ...kept,
  invitation: null,
});

type KnownConversation = Extract<PrivateRecord, { kind: "conversation" }>;

/** An open invitation as this device keeps it. */
export const invitationIn = ({ invite }: KnownConversation): ConversationRecord["invitation"] =>
  invite && { secret: invite.secret, invite: invite.id, expiry: invite.expiresAt };

const isSameInvitation = (
  a: ConversationRecord["invitation"],
  b: ConversationRecord["invitation"],
): boolean => (a && b ? equalBytes(a.secret, b.secret) && a.expiry === b.expiry : a === b);

/**
 * K9: what the account's private record says of it, which may come after the conversation does. Null: nothing of it
 * is new here.
 */
export function recordHeard<
  Kept extends Pick<ConversationRecord, "title" | "owner" | "invitation">,
>(kept: Kept, known: KnownConversation, self: Uint8Array): Kept | null {
  const title = kept.title === "" ? known.label : kept.title;
  const owner = known.inviter ?? self;
  const invitation = invitationIn(known);
  const isSame =
    title === kept.title &&
    equalBytes(owner, kept.owner) &&
    isSameInvitation(invitation, kept.invitation);
  return isSame ? null : { ...kept, title, owner, invitation };
}
