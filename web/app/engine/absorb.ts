import { equalBytes, toBase64url } from "../../../workers/protocol/bytes.ts";
import { type HeldChain, type Link, judgeLink } from "../../core/messages/chain.ts";
import type { ConversationRecord, MessageRecord } from "./records.ts";

const PREVIEW = 160;

export interface Own {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
}

type Message = Extract<MessageRecord, { type: "message" }>;

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
  row.body.kind !== "profile" &&
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

const linkOf = (deviceSeq: number, digest: Uint8Array | null): Link | undefined =>
  digest ? { deviceSeq, digest, prev: null } : undefined;

/** What the record holds of a device's chain: its newest link (M6). */
function heldTip(record: ConversationRecord, device: string): HeldChain {
  const tip = record.tips[device];
  return {
    newest: tip?.deviceSeq ?? 0,
    at: (deviceSeq) => (tip?.deviceSeq === deviceSeq ? linkOf(deviceSeq, tip.digest) : undefined),
  };
}

export type Judgement = "new" | "missing-before" | "duplicate" | "fork" | "look-up";

/** M6: the next message of another device against its newest one. `look-up`: older than that. */
export function judgeNext(record: ConversationRecord, message: Message): Judgement {
  const held = heldTip(record, toBase64url(message.device));
  if (message.deviceSeq < held.newest) return "look-up";
  // Only where everything since the beginning is here does a chain have to begin with 1.
  const verdict = judgeLink(held, message, record.oldest === 1);
  switch (verdict.kind) {
    case "new":
      return "new";
    case "duplicate":
      return "duplicate";
    case "fork":
      return "fork";
    case "hole":
      return "missing-before";
  }
}

/** The record with this message in the chain of its device: its newest, or its oldest. */
export function withLink(
  record: ConversationRecord,
  seq: number,
  { device, deviceSeq, digest, prev }: Message,
): ConversationRecord {
  const id = toBase64url(device);
  const tip = record.tips[id];
  const first = record.firsts[id];
  return {
    ...record,
    tips:
      tip && tip.deviceSeq >= deviceSeq
        ? record.tips
        : { ...record.tips, [id]: { deviceSeq, digest } },
    firsts:
      first && first.deviceSeq <= deviceSeq
        ? record.firsts
        : { ...record.firsts, [id]: { seq, deviceSeq, prev } },
  };
}

/** M6, backwards: whether this message is the one that its device's oldest stored link follows. */
export function judgeOlder(
  record: ConversationRecord,
  message: Message,
):
  | { readonly kind: "new" | "duplicate" | "fork" }
  | { readonly kind: "hole"; readonly seq: number } {
  const first = record.firsts[toBase64url(message.device)];
  if (!first) return { kind: "new" };
  if (message.deviceSeq >= first.deviceSeq) return { kind: "duplicate" };
  if (message.deviceSeq < first.deviceSeq - 1) return { kind: "hole", seq: first.seq };
  return { kind: first.prev && equalBytes(first.prev, message.digest) ? "new" : "fork" };
}
