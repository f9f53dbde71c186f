/** Ids as the page has them: one kind is never taken for another, and text from outside is parsed before it is one. */
import * as ids from "../../workers/protocol/ids.ts";

export type ConversationId = ids.ConversationId;

/** The conversation that an address names; null: it names none. */
export const conversationOfAddress = (segment: string): ConversationId | null =>
  ids.conversationIdIn(segment);
