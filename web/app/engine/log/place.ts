import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { judgeNext, judgeOlder, judgeOwn, withLink } from "../../../core/messages/chain.ts";
import { type Own, absorb } from "../conversation/log-transitions.ts";
import { putMessage } from "./marks.ts";
import { withHole } from "./missing.ts";
import {
  type ConversationRecord,
  type MessageRow,
  messageRecord,
  outboxRecord,
} from "../store/records.ts";
import { type FindLink, judgeStored } from "./replays.ts";
import type { Writer } from "../store/store.ts";
import type { Understood } from "./understand.ts";

/** Removes what the log shows to have arrived; null when the outbox never had it: cloned (M6). */
async function settleOwn(
  writer: Writer,
  id: string,
  record: ConversationRecord,
  message: MessageRow,
): Promise<ConversationRecord | null> {
  for (const order of record.outbox) {
    const entry = await writer.get("outbox", [id, order], outboxRecord);
    if (!entry || !equalBytes(entry.messageId, message.messageId)) continue;
    const ours = entry.state.state === "assigned" ? entry.state.digest : undefined;
    if (judgeOwn(ours, message.digest) === "cloned") return null;
    await writer.delete("outbox", [id, order]);
    return { ...record, outbox: record.outbox.filter((other) => other !== order) };
  }
  return null;
}

/** An own message that was acknowledged before the log came to its place: it has to be what stands there. */
function acknowledgedThere(
  record: ConversationRecord,
  stored: MessageRow,
  { seq, row }: Understood,
): ConversationRecord {
  const isIt =
    row.type === "message" &&
    equalBytes(row.device, stored.device) &&
    judgeOwn(stored.digest, row.digest) === "own";
  // M6: the server acknowledged one thing at this place and shows another.
  return isIt ? { ...record, cursor: seq } : { ...record, blocked: "fork" };
}

/** The next message of the log, and what it makes of the record and of others (M5). */
async function putNext(
  writer: Writer,
  own: Own,
  id: string,
  record: ConversationRecord,
  seq: number,
  row: MessageRow,
): Promise<ConversationRecord> {
  const put = await putMessage(writer, own, id, record, seq, row);
  return absorb(put.record, seq, put.shown, own);
}

/** One place of the log into the transaction; returns the record after it. */
export async function place(
  own: Own,
  writer: Writer,
  id: string,
  record: ConversationRecord,
  understood: Understood,
): Promise<ConversationRecord> {
  const { seq, row } = understood;
  const stored = await writer.get("messages", [id, seq], messageRecord);
  if (stored?.type === "message") return acknowledgedThere(record, stored, understood);
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], row);
    const next = absorb(record, seq, row, own);
    // C5: an envelope under another head than ours is not a broken message but a second history.
    return row.type === "quarantined" && row.reason === "fork"
      ? { ...next, blocked: "fork" }
      : next;
  }
  if (equalBytes(row.device, own.device)) {
    const settled = await settleOwn(writer, id, record, row);
    if (!settled) return { ...record, blocked: "cloned" };
    return putNext(writer, own, id, settled, seq, row);
  }
  switch (judgeNext(record, row)) {
    case "new":
      return putNext(writer, own, id, withLink(record, seq, row), seq, row);
    case "missing-before": {
      const from = (record.tips[toBase64url(row.device)]?.deviceSeq ?? 0) + 1;
      const after = await withHole(writer, id, seq, row, from);
      return putNext(writer, own, id, withLink(record, seq, row), seq, after);
    }
    case "duplicate":
      return { ...record, cursor: seq };
    case "look-up":
    case "fork":
      return { ...record, blocked: "fork" };
  }
}

const sayMissingBefore = async (
  writer: Writer,
  id: string,
  seq: number,
  from: number,
): Promise<void> => {
  const row = await writer.get("messages", [id, seq], messageRecord);
  if (row?.type !== "message") return;
  await writer.put("messages", [id, seq], await withHole(writer, id, seq, row, from));
};

/** One place before the oldest stored one; the newer side says whether it is what it claims (M6). */
export async function placeOlder(
  own: Own,
  writer: Writer,
  id: string,
  record: ConversationRecord,
  { seq, row }: Understood,
): Promise<ConversationRecord> {
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], row);
    return record;
  }
  // This device wrote nothing before it first looked at the conversation.
  if (equalBytes(row.device, own.device)) return { ...record, blocked: "cloned" };
  const verdict = judgeOlder(record, row);
  switch (verdict.kind) {
    case "look-up":
    case "fork":
      return { ...record, blocked: "fork" };
    case "hole":
      await sayMissingBefore(writer, id, verdict.seq, row.deviceSeq + 1);
      break;
    case "new":
      break;
  }
  const put = await putMessage(writer, own, id, record, seq, row);
  return withLink(put.record, seq, row);
}

/** M6: with all history here, a chain that does not begin with 1 misses what came before. */
export async function placeBeginnings(
  writer: Writer,
  id: string,
  { firsts }: ConversationRecord,
): Promise<void> {
  for (const { seq, deviceSeq } of Object.values(firsts)) {
    if (deviceSeq > 1) await sayMissingBefore(writer, id, seq, 1);
  }
}

/** M9: a placeholder that opens now becomes the message it is, unless it is a replay (M6); the others stay. */
export async function placeRetried(
  own: Own,
  find: FindLink,
  writer: Writer,
  id: string,
  record: ConversationRecord,
  { seq, row }: Understood,
): Promise<ConversationRecord> {
  if (row.type !== "message") return record;
  // Another tab may have tried it meanwhile.
  const stored = await writer.get("messages", [id, seq], messageRecord);
  if (stored?.type !== "quarantined") return record;
  const next = { ...record, retryable: Math.max(0, record.retryable - 1) };
  switch (judgeStored(find, row)) {
    case "new": {
      const put = await putMessage(writer, own, id, next, seq, row);
      return withLink(put.record, seq, row);
    }
    case "duplicate":
      await writer.delete("messages", [id, seq]);
      return next;
    case "fork":
      return { ...record, blocked: "fork" };
  }
}
