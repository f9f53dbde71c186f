import { database } from "../db/database.ts";
import { refusalOf } from "../http/failure.ts";
import { conversationObject } from "../objects/objects.ts";
import type { ContinueOnShardResult } from "../protocol/http/operator.ts";
import type { ConversationId } from "../protocol/ids.ts";
import { conversationsOfShard } from "../registry/conversation-registry.ts";

/** Work of one step: it has to end within one request. */
const STEP = { conversations: 100, parallel: 10 };

async function isMoved(env: Cloudflare.Env, conversation: ConversationId, to: number) {
  try {
    return (await conversationObject(env, conversation).continueOnShard(to)).ok;
  } catch (error) {
    refusalOf(error, "continue on shard");
    return false;
  }
}

/**
 * One bounded step: conversations whose history goes to the shard `from` go on in `to`, from their next message on.
 * By the registry, which a conversation tells of the change a moment later; to repeat a step does no harm.
 */
export async function continueOnShard(
  env: Cloudflare.Env,
  from: number,
  to: number,
  after: string | null,
): Promise<ContinueOnShardResult> {
  const ids = await conversationsOfShard(database(env.DB), from, after ?? "", STEP.conversations);
  const failed: string[] = [];
  for (let i = 0; i < ids.length; i += STEP.parallel) {
    const group = ids.slice(i, i + STEP.parallel).map(async (id) => {
      if (!(await isMoved(env, id, to))) failed.push(id);
    });
    await Promise.all(group);
  }
  const next = ids.length < STEP.conversations ? null : (ids.at(-1) ?? null);
  return { moved: ids.length - failed.length, failed, next };
}
