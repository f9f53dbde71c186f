import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { judgeNext, judgeOlder, judgeOwn } from "../../../core/messages/chain.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import {
  type ThisDevice,
  cursorReached,
  messageChained,
  placeFilledWith,
  placeStored,
  placeholderOpened,
} from "../conversation/log-transitions.ts";
import {
  acknowledgedAt,
  isProven,
  sendingStopped,
} from "../conversation/standstill-transitions.ts";
import { entriesLeft, ownMessageFound } from "../conversation/sending-transitions.ts";
import { putMessage } from "./marks.ts";
import { judgeOccupied } from "./occupied.ts";
import { withHole } from "./missing.ts";
import {
  type MessageRecord,
  type MessageRow,
  messageRecord,
  outboxRecord,
} from "../store/records.ts";
import { afterPredecessor } from "./sent-at.ts";
import type { Writer } from "../store/store.ts";
import type { Understood } from "./understand.ts";

/** Removes what the log shows to have arrived; null when the outbox never had it: cloned (M6). */
async function settleOwn(
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  message: MessageRow,
): Promise<KeptConversation | null> {
  for (const order of kept.outbox) {
    const entry = await writer.get("outbox", [id, order], outboxRecord);
    if (!entry || !equalBytes(entry.messageId, message.messageId)) continue;
    const ours = entry.state.state === "assigned" ? entry.state.digest : undefined;
    if (judgeOwn(ours, message.digest) === "cloned") return null;
    await writer.delete("outbox", [id, order]);
    return entriesLeft(kept, [order]);
  }
  return null;
}

/**
 * M6: whether what comes for a place may stand there, and what is kept then: nothing that stands somewhere is
 * overwritten by another thing.
 */
export async function freed(
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  { seq, row }: Understood,
): Promise<{ readonly kept: KeptConversation; readonly isFree: boolean }> {
  const stored = await writer.get("messages", [id, seq], messageRecord);
  if (!stored) return { kept, isFree: true };
  switch (judgeOccupied(stored, row)) {
    case "replaces": {
      const waited = stored.type === "quarantined" && stored.retry;
      return { kept: waited ? placeholderOpened(kept) : kept, isFree: true };
    }
    case "ignored":
      return { kept, isFree: false };
    case "fork":
      return { kept: sendingStopped(kept, "fork"), isFree: false };
  }
}

/** C8: this device is no news to itself. */
export function newsHere(own: ThisDevice, row: MessageRow): MessageRow {
  const { newDevice: _, ...rest } = row;
  return equalBytes(row.device, own.device) ? rest : row;
}

/** The next message of the log, and what it makes of what is kept and of others (M5). */
async function putNext(
  writer: Writer,
  own: ThisDevice,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  row: MessageRow,
): Promise<KeptConversation> {
  const put = await putMessage(writer, own, id, kept, seq, newsHere(own, row));
  return placeStored(put.kept, seq, put.shown, own);
}

/** One place of the log into the transaction; returns what is kept after it. */
export async function place(
  own: ThisDevice,
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  understood: Understood,
): Promise<KeptConversation> {
  const { seq, row } = understood;
  const { kept: before, isFree } = await freed(writer, id, kept, understood);
  if (!isFree) return isProven(before) ? before : cursorReached(before, seq);
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], messageRecord, row);
    const next = placeStored(before, seq, row, own);
    // C5: an envelope under another head than ours is not a broken message but a second history.
    return row.type === "quarantined" && row.reason === "fork"
      ? sendingStopped(next, "fork")
      : next;
  }
  if (equalBytes(row.device, own.device)) {
    const settled = await settleOwn(writer, id, before, row);
    if (settled) {
      const acknowledged = acknowledgedAt(settled, row.deviceSeq, seq);
      return putNext(writer, own, id, acknowledged, seq, row);
    }
    if (before.ownChain !== "sought") return sendingStopped(before, "cloned");
  }
  return placeChained(own, writer, id, ownFound(own, before, row), seq, row);
}

/** M6: while the own chain is sought, what this device signed is what it wrote. */
const ownFound = (own: ThisDevice, kept: KeptConversation, row: MessageRow): KeptConversation =>
  equalBytes(row.device, own.device) ? ownMessageFound(kept, row) : kept;

/** The next message of a device that is judged by the chain that the log shows. */
async function placeChained(
  own: ThisDevice,
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  row: MessageRow,
): Promise<KeptConversation> {
  switch (judgeNext(kept, row)) {
    case "new": {
      const dated = afterPredecessor(kept, row);
      return putNext(writer, own, id, messageChained(kept, seq, dated), seq, dated);
    }
    case "missing-before": {
      const from = (kept.tips[toBase64url(row.device)]?.deviceSeq ?? 0) + 1;
      const dated = afterPredecessor(kept, row);
      const after = await withHole(writer, id, seq, dated, from);
      return putNext(writer, own, id, messageChained(kept, seq, dated), seq, after);
    }
    case "duplicate":
      return cursorReached(kept, seq);
    case "look-up":
    case "fork":
      return sendingStopped(kept, "fork");
  }
}

const sayMissingBefore = async (
  writer: Writer,
  id: ConversationId,
  seq: number,
  from: number,
): Promise<void> => {
  const row = await writer.get("messages", [id, seq], messageRecord);
  if (row?.type !== "message") return;
  await writer.put(
    "messages",
    [id, seq],
    messageRecord,
    await withHole(writer, id, seq, row, from),
  );
};

/** One place before the oldest stored one; the newer side says whether it is what it claims (M6). */
export async function placeOlder(
  own: ThisDevice,
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  understood: Understood,
): Promise<KeptConversation> {
  const { seq, row } = understood;
  const { kept: free, isFree } = await freed(writer, id, kept, understood);
  if (!isFree) return free;
  return placeOlderFree(own, writer, id, free, seq, row);
}

async function placeOlderFree(
  own: ThisDevice,
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  row: MessageRecord,
): Promise<KeptConversation> {
  if (row.type !== "message") {
    await writer.put("messages", [id, seq], messageRecord, row);
    return placeFilledWith(kept, seq, row, own);
  }
  // This device wrote nothing before it first looked at the conversation.
  const isOwn = equalBytes(row.device, own.device);
  if (isOwn && kept.ownChain === "kept") return sendingStopped(kept, "cloned");
  const verdict = judgeOlder(kept, row);
  switch (verdict.kind) {
    case "look-up":
    case "fork":
      return sendingStopped(kept, "fork");
    case "hole":
      await sayMissingBefore(writer, id, verdict.seq, row.deviceSeq + 1);
      break;
    case "new":
      break;
  }
  const found = kept.ownChain === "sought" ? ownFound(own, kept, row) : kept;
  const put = await putMessage(writer, own, id, found, seq, newsHere(own, row));
  return messageChained(put.kept, seq, row);
}

/** M6: with all history here, a chain that does not begin with 1 misses what came before. */
export async function placeBeginnings(
  writer: Writer,
  id: ConversationId,
  { firsts }: KeptConversation,
): Promise<void> {
  for (const { seq, deviceSeq } of Object.values(firsts)) {
    if (deviceSeq > 1) await sayMissingBefore(writer, id, seq, 1);
  }
}
