import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { isShown, isUnread, previewOf } from "../../../core/messages/content.ts";
import { mentionOf } from "../../../core/files/file-mention.ts";
import { type DeviceMessage, withMessageInChain } from "../../../core/messages/chain.ts";
import type { Placed } from "../store/placed.ts";
import type { MessageRecord, MessageRow } from "../store/records.ts";
import type { KeptConversation } from "./kept.ts";

export interface ThisDevice {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
}

/** One more message became known; its place is not looked at. */
function withMessage(
  kept: KeptConversation,
  seq: number,
  message: MessageRow,
  own: ThisDevice,
): KeptConversation {
  const { body, account, at } = message;
  const mine = equalBytes(account, own.account);
  const lastAt = Math.max(kept.lastAt, at);
  // An own message may have been acknowledged before the log came to those before it.
  const isNewest = seq >= (kept.preview?.seq ?? 0);
  if (isShown(body)) {
    if (!isNewest) return { ...kept, lastAt };
    const file = body.kind === "file" ? { file: mentionOf(body) } : {};
    const preview = { own: mine, text: previewOf(body), deleted: false, seq, ...file };
    return { ...kept, lastAt, preview, waiting: !mine };
  }
  switch (body.kind) {
    case "deleted": {
      const preview = { own: mine, text: "", deleted: true, seq };
      return { ...kept, lastAt, ...(isNewest ? { preview } : {}) };
    }
    case "profile":
      return { ...kept, names: { ...kept.names, [toBase64url(account)]: body.name } };
    case "edit":
    case "deletion":
    case "reaction":
      return kept;
    case "unknown":
      return { ...kept, lastAt };
  }
}

/** The next place of the log, in order. Own messages count neither as unread nor as waiting. */
export function placeStored(
  kept: KeptConversation,
  seq: number,
  row: MessageRecord,
  own: ThisDevice,
): KeptConversation {
  const next = { ...kept, cursor: seq, lastSeq: Math.max(kept.lastSeq, seq) };
  switch (row.type) {
    case "bundle":
      return { ...next, lastAt: Math.max(next.lastAt, row.at) };
    case "quarantined":
      return row.retry ? { ...next, retryable: next.retryable + 1 } : next;
    case "message": {
      const said = withMessage(next, seq, row, own);
      return counts(row, seq, kept, own) ? { ...said, unread: said.unread + 1 } : said;
    }
  }
}

/** Whether this place is one unread message. */
export const counts = (
  row: MessageRecord,
  seq: number,
  kept: Pick<KeptConversation, "readSeq">,
  own: ThisDevice,
): boolean =>
  row.type === "message" &&
  isUnread(row.body) &&
  seq > kept.readSeq &&
  !equalBytes(row.account, own.account);

/** Unread messages among stored rows after `readSeq`. */
export const unreadAmong = (
  rows: readonly Placed<MessageRecord>[],
  readSeq: number,
  own: ThisDevice,
): number => rows.filter(({ seq, row }) => counts(row, seq, { readSeq }, own)).length;

/** An own message that the server took before the log came to its place. */
export const messageAcknowledged = (
  kept: KeptConversation,
  seq: number,
  message: MessageRow,
  own: ThisDevice,
): KeptConversation =>
  seq === kept.cursor + 1
    ? placeStored(kept, seq, message, own)
    : {
        ...withMessage(kept, seq, message, own),
        lastSeq: Math.max(kept.lastSeq, seq),
      };

/** M6: a place that was asked for again has this now; those before and after it are known. */
export function placeFilledWith(
  kept: KeptConversation,
  seq: number,
  row: MessageRecord,
  own: ThisDevice,
): KeptConversation {
  switch (row.type) {
    case "bundle":
      return kept;
    case "quarantined":
      return row.retry ? { ...kept, retryable: kept.retryable + 1 } : kept;
    case "message": {
      const said = withMessage(kept, seq, row, own);
      return counts(row, seq, kept, own) ? { ...said, unread: said.unread + 1 } : said;
    }
  }
}

/** M6: this message of another device, which stands at `seq`, belongs to that device's chain. */
export const messageChained = (
  kept: KeptConversation,
  seq: number,
  message: DeviceMessage,
): KeptConversation => withMessageInChain(kept, seq, message);

/** Everything up to this place is stored, or not there. */
export const cursorReached = (kept: KeptConversation, seq: number): KeptConversation =>
  seq <= kept.cursor ? kept : { ...kept, cursor: seq };

/** Everything from this place on is stored, or not there. */
export const historyReached = (kept: KeptConversation, oldest: number): KeptConversation =>
  oldest >= kept.oldest ? kept : { ...kept, oldest };

/** K13: the newest of the log comes to a device that has nothing of it, from `oldest` on. */
export const tailBegun = (kept: KeptConversation, oldest: number): KeptConversation => ({
  ...kept,
  tips: {},
  firsts: {},
  oldest,
  blocked: null,
});

/** M9: a placeholder was opened. */
export const placeholderOpened = (kept: KeptConversation): KeptConversation => ({
  ...kept,
  retryable: Math.max(0, kept.retryable - 1),
});

/** M5: the message at this place says something else now. */
export const messageEdited = (
  kept: KeptConversation,
  seq: number,
  preview: string,
): KeptConversation =>
  kept.preview?.seq === seq ? { ...kept, preview: { ...kept.preview, text: preview } } : kept;

/** M5: the message at this place is gone. */
export function messageDeleted(
  kept: KeptConversation,
  seq: number,
  wasUnread: boolean,
): KeptConversation {
  const unread = wasUnread ? Math.max(0, kept.unread - 1) : kept.unread;
  const { preview } = kept;
  if (preview?.seq !== seq) return { ...kept, unread };
  return { ...kept, unread, preview: { own: preview.own, seq, text: "", deleted: true } };
}
