import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { type Own, absorb, judgeNext, judgeOlder, withLink } from "./absorb.ts";
import {
  type ConversationRecord,
  type MessageRecord,
  messageRecord,
  outboxRecord,
} from "./records.ts";
import type { Writer } from "./store.ts";
import type { Understood } from "./understand.ts";

/** Removes what the log shows to have arrived; null when the outbox never had it (M6). */
async function settleOwn(
  writer: Writer,
  id: string,
  record: ConversationRecord,
  message: Extract<MessageRecord, { type: "message" }>,
): Promise<ConversationRecord | null> {
  for (const order of record.outbox) {
    const entry = await writer.get("outbox", [id, order], outboxRecord);
    if (!entry || !equalBytes(entry.messageId, message.messageId)) continue;
    if (entry.state.state !== "assigned") return null;
    if (!equalBytes(entry.state.digest, message.digest)) return null;
    await writer.delete("outbox", [id, order]);
    return { ...record, outbox: record.outbox.filter((other) => other !== order) };
  }
  return null;
}

/** One place of the log into the transaction; returns the record after it. */
export async function place(
  own: Own,
  writer: Writer,
  id: string,
  record: ConversationRecord,
  { seq, row }: Understood,
): Promise<ConversationRecord> {
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], row);
    const next = absorb(record, seq, row, own);
    // C5: an envelope under another head than ours is not a broken message but a second history.
    return row.type === "quarantined" && row.reason === "fork"
      ? { ...next, blocked: "fork" }
      : next;
  }
  const stored = await writer.get("messages", [id, seq], messageRecord);
  // An own message that was acknowledged before the log came here.
  if (stored) return { ...record, cursor: seq };
  if (equalBytes(row.device, own.device)) {
    const settled = await settleOwn(writer, id, record, row);
    if (!settled) return { ...record, blocked: "cloned" };
    await writer.put("messages", [id, seq], row);
    return absorb(settled, seq, row, own);
  }
  switch (judgeNext(record, row)) {
    case "new":
      await writer.put("messages", [id, seq], row);
      return absorb(withLink(record, seq, row), seq, row, own);
    case "missing-before":
      await writer.put("messages", [id, seq], { ...row, missingBefore: true });
      return absorb(withLink(record, seq, row), seq, row, own);
    case "duplicate":
      return { ...record, cursor: seq };
    case "look-up":
    case "fork":
      return { ...record, blocked: "fork" };
  }
}

/** One place before the oldest stored one; the newer side says whether it is what it claims (M6). */
export async function placeOlder(
  writer: Writer,
  id: string,
  record: ConversationRecord,
  { seq, row }: Understood,
): Promise<ConversationRecord> {
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], row);
    return record;
  }
  const verdict = judgeOlder(record, row);
  if (verdict.kind === "duplicate") return record;
  if (verdict.kind === "fork") return { ...record, blocked: "fork" };
  if (verdict.kind === "hole") {
    const after = await writer.get("messages", [id, verdict.seq], messageRecord);
    if (after?.type === "message") {
      await writer.put("messages", [id, verdict.seq], { ...after, missingBefore: true });
    }
  }
  await writer.put("messages", [id, seq], row);
  return withLink(record, seq, row);
}

/** M9: a placeholder that opens now becomes the message it is; the others stay. */
export async function placeRetried(
  writer: Writer,
  id: string,
  record: ConversationRecord,
  { seq, row }: Understood,
): Promise<ConversationRecord> {
  if (row.type !== "message") return record;
  await writer.put("messages", [id, seq], row);
  return { ...withLink(record, seq, row), retryable: Math.max(0, record.retryable - 1) };
}
