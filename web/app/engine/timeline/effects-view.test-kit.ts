import { expect } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { messageIdText } from "../../../../workers/protocol/ids.ts";
import type { Mark, Wish } from "../../../core/messages/effects.ts";
import type { Content, Target } from "../../../core/messages/content.ts";
import type { TimelineItem } from "../../timeline.ts";
import { type MarksAndQuotes, NO_MARKS_OR_QUOTES } from "./marks-and-quotes.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import type { MessageRow, OutboxRecord } from "../store/records.ts";
import { timelineItems } from "./timeline-view.ts";

export const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
export const me = { account: bytes(32, 1), name: "Dr. Herrera", receipts: true };
export const them = bytes(32, 3);
export const record: KeptConversation = {
  ...newConversation({ title: "Ana M.", owner: me.account, createdAt: 10 }),
  head: 1,
  members: 2,
  cursor: 50,
  names: { [toBase64url(them)]: "Ana" },
};

export const row = (
  account: Uint8Array,
  n: number,
  body: MessageRow["body"] = { kind: "text", text: `text ${n}` },
): MessageRow => ({
  type: "message",
  at: n * 10,
  sentAt: n * 10,
  account,
  device: bytes(32, 9),
  deviceSeq: n,
  messageId: bytes(16, n),
  digest: bytes(32, 100 + n),
  prev: null,
  body,
  missingBefore: false,
});
export const target = (n: number, change: Partial<Target> = {}): Target => ({
  device: bytes(32, 9),
  deviceSeq: n,
  digest: bytes(32, 100 + n),
  seq: n,
  ...change,
});
export const mark = (account: Uint8Array, seq: number, on: number, wish: Wish): Mark => {
  const { seq: _, ...named } = target(on);
  return { account, seq, at: seq * 10, sentAt: seq * 10, named, wish };
};
export const out = (n: number, body: Content, problem?: string): OutboxRecord => ({
  messageId: bytes(16, 200 + n),
  createdAt: 900 + n,
  body,
  state: problem === undefined ? { state: "queued" } : { state: "failed", problem },
});
export const idOf = (n: number) => messageIdText(bytes(16, 200 + n));
export const beside = (
  marks: Record<number, Mark[]>,
  quoted: Record<number, MessageRow> = {},
): MarksAndQuotes => ({
  marks: new Map(Object.entries(marks).map(([seq, list]) => [Number(seq), list])),
  quoted: new Map(Object.entries(quoted).map(([seq, one]) => [Number(seq), one])),
});
export const show = (
  rows: readonly (readonly [number, MessageRow])[],
  outbox: readonly OutboxRecord[] = [],
  with_: MarksAndQuotes = NO_MARKS_OR_QUOTES,
): TimelineItem[] =>
  timelineItems(
    record,
    rows.map(([seq, one]) => ({ seq, row: one })),
    outbox,
    me,
    with_,
  );
export const only = (items: readonly TimelineItem[]): TimelineItem => {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (!item) throw new RangeError("nothing is shown");
  return item;
};
