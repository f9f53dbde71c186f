import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { accountIdText, messageIdText } from "../../../../workers/protocol/ids.ts";
import { type Effects, deletedThere, effectsOn, isNamed } from "../../../core/messages/effects.ts";
import {
  type ShownContent,
  type Target,
  isEditable,
  isQuotable,
  isShown,
  previewOf,
} from "../../../core/messages/content.ts";
import type { Delivery, Quote, Reaction, TimelineItem } from "../../timeline.ts";
import { fileView, quotedFile } from "./file-view.ts";
import type { MarksAndQuotes } from "./marks-and-quotes.ts";
import { type Pending, type Wanted, pendingOn } from "./changes-view.ts";
import { markedOf } from "../log/marks.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import type { MessageRecord, MessageRow } from "../store/records.ts";
import { titleOf } from "../log/rows.ts";

export interface Self {
  readonly account: Uint8Array;
  readonly name: string;
  /** whether this person gives read receipts, and so is given them (M10) */
  readonly receipts: boolean;
}

/** What one message of the timeline is shown with. */
export interface Showing {
  readonly record: KeptConversation;
  readonly self: Self;
  readonly beside: MarksAndQuotes;
  readonly wanted: Wanted;
  /** what is stored at a place, as far as it was read */
  readonly rowAt: (seq: number) => MessageRecord | undefined;
}

export function nameOf(
  record: KeptConversation,
  account: Uint8Array,
  self: Pick<Self, "account" | "name">,
): string {
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
const fold = ({ beside, wanted }: Showing, seq: number, row: MessageRow): Folded => ({
  effects: effectsOn(markedOf(row), beside.marks.get(seq) ?? []),
  pending: pendingOn(wanted, seq, row),
});

/** As it was written last; null: deleted, or it never was shown */
function contentOf({ body }: MessageRow, { effects, pending }: Folded): ShownContent | null {
  const isDeleted = effects.deletedAt !== null || pending.deletedAt !== undefined;
  if (isDeleted || !isShown(body)) return null;
  if (!isEditable(body)) return body;
  return { ...body, text: pending.edit?.text ?? effects.edit?.text ?? body.text };
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
    const deletion = deletedThere(showing.beside.marks.get(seq) ?? []);
    const isIt = deletion !== null && isNamed(deletion.named, reply);
    return { state: isIt ? "deleted" : "elsewhere", seq };
  }
  if (row.type !== "message" || !isNamed(reply, row)) return { state: "elsewhere", seq };
  if (row.body.kind !== "deleted" && !isQuotable(row.body)) return { state: "elsewhere", seq };
  const content = contentOf(row, fold(showing, seq, row));
  if (content === null) return { state: "deleted", seq };
  const { name, own } = senderOf(showing, row.account);
  const file = content.kind === "file" ? { file: quotedFile(content) } : {};
  return { state: "here", seq, sender: { name, own }, text: previewOf(content), ...file };
}

type MessageItem = Extract<TimelineItem, { kind: "message" }>;

/** What a message says, as the page is given it. */
export function saidOf(
  showing: Showing,
  content: ShownContent,
): Pick<MessageItem, "kind" | "text" | "reply" | "file"> {
  const reply = quoteOf(showing, content.reply);
  switch (content.kind) {
    case "text":
      return { kind: "message", text: content.text, reply };
    case "file":
      return { kind: "message", text: content.caption ?? "", reply, file: fileView(content) };
  }
}

const APART_MS = 3_600_000;

/** T1: its author's time where it is far from the server's: one of the two is wrong, or it waited for a network. */
const writtenElsewhen = ({ at, sentAt }: MessageRow): Pick<MessageItem, "writtenAt"> =>
  sentAt !== undefined && Math.abs(sentAt - at) > APART_MS ? { writtenAt: sentAt } : {};

/** M1: a text that rang nowhere says so: its reader may have waited for it. */
const cameSilently = ({ silent }: MessageRow): Pick<MessageItem, "silent"> =>
  silent === true ? { silent } : {};

/** A message, or what a deletion has left of it (M5). `delivery`: null for the others' messages. */
export function messageItem(
  showing: Showing,
  seq: number,
  row: MessageRow,
  delivery: Delivery | null,
): TimelineItem | null {
  const { body, at } = row;
  if (!isShown(body) && body.kind !== "deleted") return null;
  const id = messageIdText(row.messageId);
  const sender = senderOf(showing, row.account);
  const folded = fold(showing, seq, row);
  const { effects, pending } = folded;
  const content = contentOf(row, folded);
  if (content === null) {
    // The marks know the earliest deletion, whichever of several came first; the row, the one that emptied it.
    const stored = effects.deletedAt ?? (body.kind === "deleted" ? body.deletedAt : null);
    return { kind: "deleted", id, seq, at, sender, deletedAt: stored ?? pending.deletedAt ?? at };
  }
  return {
    ...saidOf(showing, content),
    id,
    seq,
    at,
    ...writtenElsewhen(row),
    ...cameSilently(row),
    sender,
    editedAt: isEditable(content) ? (pending.edit?.at ?? effects.edit?.at ?? null) : null,
    reactions: reactionsOf(showing, folded),
    change: pending.change,
    delivery,
  };
}
