import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import type { ConversationRecord, MessageRecord } from "./records.ts";

const PREVIEW = 160;

export interface Own {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
}

type Message = Extract<MessageRecord, { type: "message" }>;

/** One line of a text, as long as a row of the list can show. */
export const previewText = (text: string): string =>
  text
    .slice(0, PREVIEW * 2)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, PREVIEW);

/** The record after one more message became known; its place is not looked at. */
function withMessage(record: ConversationRecord, message: Message, own: Own): ConversationRecord {
  const { body, account, at } = message;
  const mine = equalBytes(account, own.account);
  const lastAt = Math.max(record.lastAt, at);
  switch (body.kind) {
    case "text":
      return {
        ...record,
        lastAt,
        preview: { own: mine, text: previewText(body.text) },
        waiting: !mine,
      };
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
      const said = withMessage(next, row, own);
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
  (row.body.kind === "text" || row.body.kind === "unknown") &&
  seq > record.readSeq &&
  !equalBytes(row.account, own.account);

/** An own message that the server took before the log came to its place. */
export const acknowledged = (
  record: ConversationRecord,
  seq: number,
  message: Message,
  own: Own,
): ConversationRecord =>
  seq === record.cursor + 1
    ? absorb(record, seq, message, own)
    : {
        ...withMessage(record, message, own),
        lastSeq: Math.max(record.lastSeq, seq),
      };
