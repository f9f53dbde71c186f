import { accountIdText, messageIdText } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { isShown } from "../../../core/messages/content.ts";
import { deletedThere } from "../../../core/messages/effects.ts";
import type { Delivery, Notice, NoticeId, TimelineItem } from "../../timeline.ts";
import { type MarksAndQuotes, NO_MARKS_OR_QUOTES } from "./marks-and-quotes.ts";
import { pendingDelivery, wantedOf } from "./changes-view.ts";
import { type Self, type Showing, messageItem, nameOf, saidOf, senderOf } from "./message-view.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { Placed } from "../store/placed.ts";
import type { MessageRecord, OutboxRecord } from "../store/records.ts";
import { type ReadPosition, readAt } from "../../../core/receipts/position.ts";

/** When one of the others read the message at this place, as far as they tell (M10); the first to say so counts. */
function readBy(others: readonly ReadPosition[], seq: number): { at: number | null } | null {
  const read = others.flatMap((position) => readAt(position, seq) ?? []);
  if (read.length === 0) return null;
  const times = read.flatMap(({ at }) => (at === null ? [] : [at]));
  return { at: times.length === 0 ? null : Math.min(...times) };
}

/** "Delivered" is the server's claim that another member's device stored it; "read" is that member's own (M10). */
function deliveryOf(record: KeptConversation, self: Self, seq: number): Delivery {
  const own = accountIdText(self.account);
  const others = <T>(of: Record<string, T>): T[] =>
    Object.entries(of).flatMap(([account, value]) => (account === own ? [] : [value]));
  const read = self.receipts ? readBy(others(record.reading), seq) : null;
  if (read) return { state: "read", at: read.at };
  return others(record.received).some((received) => received >= seq)
    ? { state: "delivered" }
    : { state: "sent" };
}

function bundleNotice(
  record: KeptConversation,
  row: Extract<MessageRecord, { type: "bundle" }>,
  self: Self,
): Notice | null {
  const own = equalBytes(row.account, self.account);
  switch (row.change) {
    case "create":
      return { type: "created" };
    case "invite":
      return { type: "invited" };
    case "withdraw":
      return { type: "withdrawn" };
    case "join":
      return {
        type: "joined",
        name: nameOf(record, row.account, self),
        own,
        ...(row.late ? { late: true } : {}),
      };
    default:
      return null;
  }
}

function itemsOfRow(showing: Showing, seq: number, row: MessageRecord): TimelineItem[] {
  const { record, self } = showing;
  const notice = (id: NoticeId, what: Notice): TimelineItem => ({
    kind: "notice",
    id,
    seq,
    at: row.at,
    notice: what,
  });
  switch (row.type) {
    case "bundle": {
      const what = bundleNotice(record, row, self);
      return what ? [notice(`b${seq}`, what)] : [];
    }
    case "quarantined":
      return [notice(`q${seq}`, { type: "not-verified" })];
    case "message": {
      const own = equalBytes(row.account, self.account);
      const name = nameOf(record, row.account, self);
      const before = [
        ...(row.newDevice ? [notice(`n${seq}`, { type: "new-device", name, own })] : []),
        ...(row.sinceRemoved ? [notice(`r${seq}`, { type: "removed-device" })] : []),
        ...(row.missingBefore ? [notice(`h${seq}`, { type: "missing" })] : []),
      ];
      if (row.body.kind === "unknown") {
        return [...before, notice(`u${seq}`, { type: "update-app" })];
      }
      const delivery = own ? deliveryOf(record, self, seq) : null;
      const item = messageItem(showing, seq, row, delivery);
      return item ? [...before, item] : before;
    }
  }
}

/** M5: what was deleted and is not at the server any more, between these rows. `at` never falls along seq. */
function deletedItems(showing: Showing, rows: readonly Placed<MessageRecord>[]): TimelineItem[] {
  const { record, beside } = showing;
  const first = rows[0]?.seq ?? Number.POSITIVE_INFINITY;
  const items: TimelineItem[] = [];
  for (const [seq, marks] of beside.marks) {
    const isHole = seq > first && seq <= record.cursor && showing.rowAt(seq) === undefined;
    const deletion = isHole ? deletedThere(marks) : null;
    if (!deletion) continue;
    const at = rows.findLast((one) => one.seq < seq)?.row.at ?? deletion.at;
    const sender = senderOf(showing, deletion.account);
    items.push({ kind: "deleted", id: `d${seq}`, seq, at, sender, deletedAt: deletion.at });
  }
  return items;
}

const bySeq = (a: TimelineItem, b: TimelineItem): number => (a.seq ?? 0) - (b.seq ?? 0);

/** Display order is the server's seq; what has no place yet comes last, in the order of writing (M6). */
export function timelineItems(
  record: KeptConversation,
  rows: readonly Placed<MessageRecord>[],
  outbox: readonly OutboxRecord[],
  self: Self,
  beside: MarksAndQuotes = NO_MARKS_OR_QUOTES,
): TimelineItem[] {
  const placed = new Map(rows.map(({ seq, row }) => [seq, row]));
  const rowAt = (seq: number) => placed.get(seq) ?? beside.quoted.get(seq);
  const showing: Showing = { record, self, beside, wanted: wantedOf(outbox), rowAt };
  const items = rows.flatMap(({ seq, row }) => itemsOfRow(showing, seq, row));
  const deleted = deletedItems(showing, rows);
  if (deleted.length > 0) {
    items.push(...deleted);
    items.sort(bySeq);
  }
  for (const entry of outbox) {
    const { body } = entry;
    if (!isShown(body)) continue;
    const said = saidOf(showing, body);
    const volatile =
      said.file && entry.isVolatile ? { file: { ...said.file, isVolatile: true as const } } : {};
    items.push({
      ...said,
      ...volatile,
      id: messageIdText(entry.messageId),
      seq: null,
      at: entry.createdAt,
      sender: { account: accountIdText(self.account), name: self.name, own: true },
      editedAt: null,
      reactions: [],
      change: null,
      delivery: pendingDelivery(entry),
    });
  }
  return items;
}
