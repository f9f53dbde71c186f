import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import * as z from "zod/mini";
import type { Store, Writer } from "./store.ts";

/** More than are under way at once, by far: an answer that was lost is asked for again at the next start. */
const REMEMBERED = 64;

const accepted = z.object({ keys: z.array(z.string()) });
const nameOf = (id: ConversationId): string => `accepted/${id}`;

/**
 * Notes, in the transaction that stores a message, the idempotency key it was given under (the store "state" is open).
 * False: it was stored before, by an engine that ended before it could say so.
 */
export async function acceptOnce(
  writer: Writer,
  id: ConversationId,
  key: string,
): Promise<boolean> {
  const { keys } = (await writer.get("state", nameOf(id), accepted)) ?? { keys: [] };
  if (keys.includes(key)) return false;
  await writer.put("state", nameOf(id), accepted, { keys: [...keys, key].slice(-REMEMBERED) });
  return true;
}

/** The idempotency keys of what was stored last in this conversation. */
export const acceptedKeys = async (
  store: Store,
  id: ConversationId,
): Promise<ReadonlySet<string>> => new Set((await store.read("state", nameOf(id), accepted))?.keys);
