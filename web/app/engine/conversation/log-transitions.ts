import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { isShown, isUnread, previewOf } from "../../../core/messages/content.ts";
import type { ConversationRecord, MessageRecord, MessageRow } from "../store/records.ts";

export interface Own {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
}

/** The record after one more message became known; its place is not looked at. */
function withMessage(
  record: ConversationRecord,
  seq: number,
  message: MessageRow,
  own: Own,
): ConversationRecord {
  const { body, account, at } = message;
  const mine = equalBytes(account, own.account);
  const lastAt = Math.max(record.lastAt, at);
  // An own message may have been acknowledged before the log came to those before it.
  const isNewest = seq >= (record.preview?.seq ?? 0);
  if (isShown(body)) {
    if (!isNewest) return { ...record, lastAt };
    const preview = { own: mine, text: previewOf(body), deleted: false, seq };
    return { ...record, lastAt, preview, waiting: !mine };
  }
  switch (body.kind) {
    case "deleted": {
      const preview = { own: mine, text: "", deleted: true, seq };
      return { ...record, lastAt, ...(isNewest ? { preview } : {}) };
    }
    case "profile":
      return { ...record, names: { ...record.names, [toBase64url(account)]: body.name } };
    case "edit":
    case "deletion":
    case "reaction":
      return record;
    case "unknown":
      return { ...record, lastAt };
  }
}

/** The record after the next place of the log, in order. Own messages count neither as unread nor as waiting. */
export function absorb(
  record: ConversationRecord,
  seq: number,
  row: MessageRecord,
  own: Own,
): ConversationRecord {
  const next = { ...record, cursor: seq, lastSeq: Math.max(record.lastSeq, seq) };
  switch (row.type) {
    case "bundle":
      return { ...next, lastAt: Math.max(next.lastAt, row.at) };
    case "quarantined":
      return row.retry ? { ...next, retryable: next.retryable + 1 } : next;
    case "message": {
      const said = withMessage(next, seq, row, own);
      return counts(row, seq, record, own) ? { ...said, unread: said.unread + 1 } : said;
    }
  }
}

/** Whether this place is one unread message. */
export const counts = (
  row: MessageRecord,
  seq: number,
  record: Pick<ConversationRecord, "readSeq">,
  own: Own,
): boolean =>
  row.type === "message" &&
  isUnread(row.body) &&
  seq > record.readSeq &&
  !equalBytes(row.account, own.account);

/** Unread messages among stored rows after `readSeq`. */
export const unreadAmong = (
  rows: readonly { readonly seq: number; readonly row: MessageRecord }[],
  readSeq: number,
  own: Own,
): number => rows.filter(({ seq, row }) => counts(row, seq, { readSeq }, own)).length;

/** An own message that the server took before the log came to its place. */
export const acknowledged = (
  record: ConversationRecord,
  seq: number,
  message: MessageRow,
  own: Own,
): ConversationRecord =>
  seq === record.cursor + 1
    ? absorb(record, seq, message, own)
    : {
        ...withMessage(record, seq, message, own),
        lastSeq: Math.max(record.lastSeq, seq),
      };
