import type { Conversation } from "../conversation/conversation.ts";
import { settingsOf } from "../env.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { AccountId, ConversationId } from "../protocol/ids.ts";

/** The one place that names Durable Objects: none is made outside the jurisdiction (decision "one jurisdiction"). */
function placed<T extends Rpc.DurableObjectBranded>(
  env: Cloudflare.Env,
  namespace: DurableObjectNamespace<T>,
): DurableObjectNamespace<T> {
  const { jurisdiction } = settingsOf(env);
  return jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction);
}

export function conversationObject(
  env: Cloudflare.Env,
  id: ConversationId,
): DurableObjectStub<Conversation> {
  const namespace = placed(env, env.CONVERSATION);
  return namespace.get(namespace.idFromName(id));
}

export function inboxObject(env: Cloudflare.Env, account: AccountId): DurableObjectStub<Inbox> {
  const namespace = placed(env, env.INBOX);
  return namespace.get(namespace.idFromName(account));
}
