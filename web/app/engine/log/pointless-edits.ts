import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { Content } from "../../../core/messages/content.ts";
import { type OutboxRecord, outboxRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";

/** M5: an edit of a message that is to be deleted: its text has no more business outside. */
export const isPointless = (entry: OutboxRecord, said: Content): boolean =>
  said.kind === "deletion" &&
  entry.body.kind === "edit" &&
  // What may be on its way cannot be taken back.
  entry.state.state !== "assigned" &&
  entry.state.state !== "unanswered" &&
  equalBytes(entry.body.target.digest, said.target.digest);

/** Removes from the outbox what is pointless once this is said; returns the keys of what is gone. */
export async function dropPointlessEdits(
  writer: Writer,
  id: ConversationId,
  orders: readonly number[],
  said: Content,
): Promise<number[]> {
  if (said.kind !== "deletion") return [];
  const dropped: number[] = [];
  for (const order of orders) {
    const entry = await writer.get("outbox", [id, order], outboxRecord);
    if (!entry || !isPointless(entry, said)) continue;
    await writer.delete("outbox", [id, order]);
    dropped.push(order);
  }
  return dropped;
}
