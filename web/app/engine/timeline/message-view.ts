import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { accountIdText, messageIdText } from "../../../../workers/protocol/ids.ts";
import { type Effects, deletedThere, effectsOn, isNamed } from "../../../core/messages/effects.ts";
import { type Target, previewText } from "../../../core/messages/content.ts";
import type { Delivery, Quote, Reaction, TimelineItem } from "../../timeline.ts";
import type { About } from "./about.ts";
import { type Pending, type Wanted, pendingOn } from "./changes-view.ts";
import { markedOf } from "../log/marks.ts";
import type { ConversationRecord, MessageRecord, MessageRow } from "../store/records.ts";
import { titleOf } from "../log/rows.ts";

export interface Self {
  readonly account: Uint8Array;
  readonly name: string;
  /** whether this person gives read receipts, and so is given them (M10) */
  readonly receipts: boolean;
}

/** What one message of the timeline is shown with. */
export interface Showing {
  readonly record: ConversationRecord;
  readonly self: Self;
  readonly about: About;
  readonly wanted: Wanted;
  /** what is stored at a place, as far as it was read */
  readonly rowAt: (seq: number) => MessageRecord | undefined;
}

export function nameOf(record: ConversationRecord, account: Uint8Array, self: Self): string {
  if (equalBytes(account, self.account)) return self.name;
  return record.names[accountIdText(account)] ?? titleOf(record, self.account);
}

export const senderOf = ({ record, self }: Showing, account: Uint8Array) => ({
  account: accountIdText(account),
  name: nameOf(record, account, self),
  own: equalBytes(account, self.account),
});

interface Folded {
  readonly effects: Effects;
  readonly pending: Pending;
}

/** M5: what a stored message has become, with what this device wants of it and the server does not have yet. */
const fold = ({ about, wanted }: Showing, seq: number, row: MessageRow): Folded => ({
  effects: effectsOn(markedOf(row), about.marks.get(seq) ?? []),
  pending: pendingOn(wanted, seq, row),
});

/** null: deleted, or it never was a text */
function textOf({ body }: MessageRow, { effects, pending }: Folded): string | null {
  const isDeleted = effects.deletedAt !== null || pending.deletedAt !== undefined;
  if (isDeleted || body.kind !== "text") return null;
  return pending.edit?.text ?? effects.edit?.text ?? body.text;
}

function reactionsOf(showing: Showing, { effects, pending }: Folded): Reaction[] {
  const { record, self } = showing;
  const isOwn = (account: Uint8Array) => equalBytes(account, self.account);
  const stored = effects.reactions;
  const { emoji: wanted } = pending;
  const chosen =
    wanted === undefined
      ? stored
      : [
          ...stored.filter(({ account }) => !isOwn(account)),
          ...(wanted === null ? [] : [{ account: self.account, emoji: wanted }]),
        ];
  const byEmoji = new Map<string, { emoji: string; names: string[]; own: boolean }>();
  for (const { account, emoji } of chosen) {
    const known = byEmoji.get(emoji) ?? { emoji, names: [], own: false };
    known.names.push(nameOf(record, account, self));
    byEmoji.set(emoji, { ...known, own: known.own || isOwn(account) });
  }
  return [...byEmoji.values()];
}

/** M5: the message that a reply names, as it stands now. */
export function quoteOf(showing: Showing, reply: Target | undefined): Quote | null {
  if (!reply) return null;
  const { seq } = reply;
  const row = showing.rowAt(seq);
  if (!row) {
    const deletion = deletedThere(showing.about.marks.get(seq) ?? []);
    const isIt = deletion !== null && isNamed(deletion.named, reply);
    return { state: isIt ? "deleted" : "elsewhere", seq };
  }
  if (row.type !== "message" || !isNamed(reply, row)) return { state: "elsewhere", seq };
  const text = textOf(row, fold(showing, seq, row));
  if (text !== null) {
    const { name, own } = senderOf(showing, row.account);
    return { state: "here", seq, sender: { name, own }, text: previewText(text) };
  }
  const isText = row.body.kind === "text" || row.body.kind === "deleted";
  return { state: isText ? "deleted" : "elsewhere", seq };
}

/** A text, or what a deletion has left of it (M5). `delivery`: null for the others' messages. */
export function messageItem(
  showing: Showing,
  seq: number,
  row: MessageRow,
  delivery: Delivery | null,
): TimelineItem | null {
  const { body, at } = row;
  if (body.kind !== "text" && body.kind !== "deleted") return null;
  const id = messageIdText(row.messageId);
  const sender = senderOf(showing, row.account);
  const folded = fold(showing, seq, row);
  const { effects, pending } = folded;
  const text = textOf(row, folded);
  if (text === null || body.kind === "deleted") {
    // The marks know the earliest deletion, whichever of several came first; the row, the one that emptied it.
    const stored = effects.deletedAt ?? (body.kind === "deleted" ? body.deletedAt : null);
    return { kind: "deleted", id, seq, at, sender, deletedAt: stored ?? pending.deletedAt ?? at };
  }
  return {
    kind: "message",
    id,
    seq,
    at,
    sender,
    text,
    reply: quoteOf(showing, body.reply),
    editedAt: pending.edit?.at ?? effects.edit?.at ?? null,
    reactions: reactionsOf(showing, folded),
    change: pending.change,
    delivery,
  };
}
