import { accountIdText, messageIdText } from "../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import type { Delivery, Notice, ProblemCode, TimelineItem } from "../view.ts";
import type { ConversationRecord, MessageRecord, OutboxRecord } from "./records.ts";
import { titleOf } from "./rows.ts";

export interface Self {
  readonly account: Uint8Array;
  readonly name: string;
}

/** "Delivered" is the server's claim that another member's device stored it. */
function deliveryOf(record: ConversationRecord, self: Uint8Array, seq: number): Delivery {
  const own = accountIdText(self);
  const others = Object.entries(record.received).filter(([account]) => account !== own);
  return others.some(([, received]) => received >= seq)
    ? { state: "delivered" }
    : { state: "sent" };
}

function nameOf(record: ConversationRecord, account: Uint8Array, self: Self): string {
  if (equalBytes(account, self.account)) return self.name;
  return record.names[accountIdText(account)] ?? titleOf(record, self.account);
}

function bundleNotice(
  record: ConversationRecord,
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
      return { type: "joined", name: nameOf(record, row.account, self), own };
    default:
      return null;
  }
}

function itemsOfRow(
  record: ConversationRecord,
  seq: number,
  row: MessageRecord,
  self: Self,
): TimelineItem[] {
  const notice = (id: string, what: Notice): TimelineItem => ({
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
      const missing = row.missingBefore ? [notice(`h${seq}`, { type: "missing" })] : [];
      const { body } = row;
      if (body.kind === "profile") return missing;
      if (body.kind === "unknown") return [...missing, notice(`u${seq}`, { type: "update-app" })];
      if (body.kind !== "text") return missing;
      const own = equalBytes(row.account, self.account);
      return [
        ...missing,
        {
          kind: "message",
          id: messageIdText(row.messageId),
          seq,
          at: row.at,
          sender: {
            account: accountIdText(row.account),
            name: nameOf(record, row.account, self),
            own,
          },
          text: body.text,
          reply: null,
          editedAt: null,
          reactions: [],
          change: null,
          delivery: own ? deliveryOf(record, self.account, seq) : null,
        },
      ];
    }
  }
}

function pendingDelivery(entry: OutboxRecord): Delivery {
  switch (entry.state.state) {
    case "queued":
    case "unanswered":
      return { state: "queued" };
    case "assigned":
      return { state: "sending" };
    case "failed":
      // Written by this device as one of the closed list.
      return { state: "failed", problem: entry.state.problem as ProblemCode };
  }
}

/** Display order is the server's seq; what has no place yet comes last, in the order of writing (M6). */
export function timelineItems(
  record: ConversationRecord,
  rows: readonly { readonly seq: number; readonly row: MessageRecord }[],
  outbox: readonly OutboxRecord[],
  self: Self,
): TimelineItem[] {
  const items = rows.flatMap(({ seq, row }) => itemsOfRow(record, seq, row, self));
  for (const entry of outbox) {
    if (entry.draft.kind !== "text") continue;
    items.push({
      kind: "message",
      id: messageIdText(entry.messageId),
      seq: null,
      at: entry.createdAt,
      sender: { account: accountIdText(self.account), name: self.name, own: true },
      text: entry.draft.text,
      reply: null,
      editedAt: null,
      reactions: [],
      change: null,
      delivery: pendingDelivery(entry),
    });
  }
  return items;
}
