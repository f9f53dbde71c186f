import { settingsOf } from "../env.ts";
import type { AccountId, ConversationId } from "../protocol/ids.ts";

type StubOf<Namespace> =
  Namespace extends DurableObjectNamespace<infer T> ? DurableObjectStub<T> : never;
type ConversationStub = StubOf<Cloudflare.Env["CONVERSATION"]>;
type InboxStub = StubOf<Cloudflare.Env["INBOX"]>;

/** The one place that names Durable Objects, so that none is made outside the configured jurisdiction (decision "one jurisdiction"). */
function placed<T extends Rpc.DurableObjectBranded>(
  env: Cloudflare.Env,
  namespace: DurableObjectNamespace<T>,
): DurableObjectNamespace<T> {
  const { jurisdiction } = settingsOf(env);
  return jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction);
}

export function conversationObject(env: Cloudflare.Env, id: ConversationId): ConversationStub {
  const namespace = placed(env, env.CONVERSATION);
  return namespace.get(namespace.idFromName(id));
}

export function inboxObject(env: Cloudflare.Env, account: AccountId): InboxStub {
  const namespace = placed(env, env.INBOX);
  return namespace.get(namespace.idFromName(account));
}
