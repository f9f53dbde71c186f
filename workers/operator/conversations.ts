import { inboxObject } from "../objects/objects.ts";
import { type AccountId, type ConversationId, parseConversationId } from "../protocol/ids.ts";

/** Some conversations of an account after one of them, by id, and where to go on; `more` null: that is all. */
export type ConversationsOf = (
  env: Cloudflare.Env,
  account: AccountId,
  after: string | null,
  limit: number,
) => Promise<{ conversations: ConversationId[]; more: string | null }>;

/**
 * As the account's Inbox knows them. An Inbox is no part of D1, so it knows of conversations that a restored D1 has
 * forgotten. Its sockets are closed first: the sessions they were opened by may be unknown to D1.
 */
export const knownToInbox: ConversationsOf = async (env, account, after, limit) => {
  const inbox = inboxObject(env, account);
  if (after === null) await inbox.endEverySession();
  const ids = (await inbox.conversations()).toSorted().map(parseConversationId);
  const rest = after === null ? ids : ids.filter((id) => id > after);
  const conversations = rest.slice(0, limit);
  return { conversations, more: rest.length > limit ? (conversations.at(-1) ?? after) : null };
};
