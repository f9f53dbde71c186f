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
