import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ConversationRecord, type Draft, outboxRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";

/** M5: what waits, without edits of a message that is to be deleted: their text has no more business outside. */
export async function withoutEdits(
  writer: Writer,
  id: string,
  record: ConversationRecord,
  draft: Draft,
): Promise<number[]> {
  if (draft.kind !== "deletion") return record.outbox;
  const kept: number[] = [];
  for (const order of record.outbox) {
    const entry = await writer.get("outbox", [id, order], outboxRecord);
    const isPointless =
      entry?.draft.kind === "edit" &&
      // What may be on its way cannot be taken back.
      entry.state.state !== "assigned" &&
      entry.state.state !== "unanswered" &&
      equalBytes(entry.draft.target.digest, draft.target.digest);
    if (isPointless) await writer.delete("outbox", [id, order]);
    else kept.push(order);
  }
  return kept;
}
