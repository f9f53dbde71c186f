import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import {
  type Mark,
  type Marked,
  type Wish,
  deletedThere,
  effectsOn,
  withMark,
  withoutTexts,
} from "../../../core/messages/effects.ts";
import {
  type Target,
  blobsOf,
  isAbout,
  isEditable,
  isShown,
  previewOf,
} from "../../../core/messages/content.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import {
  type ThisDevice,
  counts,
  messageDeleted,
  messageEdited,
} from "../conversation/log-transitions.ts";
import {
  copiesLeft,
  editsFound,
  entriesLeft,
  removalsDue,
} from "../conversation/sending-transitions.ts";
import { nameDeleted } from "./missing.ts";
import { dropPointlessEdits } from "./pointless-edits.ts";
import { placedOf } from "../store/placed.ts";
import { type MessageRow, marksRecord, messageRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";

/** The stores that placing a message touches beside those of the message itself. */
export const MARK_STORES = ["marks", "numbers", "outbox"] as const;

/** A row as marks are judged against it (M5). */
export const markedOf = (row: MessageRow): Marked => ({
  account: row.account,
  device: row.device,
  deviceSeq: row.deviceSeq,
  digest: row.digest,
  sentAt: row.sentAt ?? row.at,
  at: row.at,
});

/** The text that a deletion takes, and what stands there after it. */
const deletedRow = (row: MessageRow, deletedAt: number): MessageRow => ({
  ...row,
  body: { kind: "deleted", deletedAt },
});

function wishOf({ body }: MessageRow): { readonly target: Target; readonly wish: Wish } | null {
  if (!isAbout(body)) return null;
  switch (body.kind) {
    case "edit":
      // A stored edit has given its text to its mark.
      return body.text === undefined
        ? null
        : { target: body.target, wish: { kind: "edit", text: body.text } };
    case "deletion":
      return { target: body.target, wish: { kind: "deletion" } };
    case "reaction":
      return { target: body.target, wish: { kind: "reaction", emoji: body.emoji } };
  }
}

const readMarks = async (
  writer: Writer,
  id: ConversationId,
  seq: number,
): Promise<readonly Mark[]> => (await writer.get("marks", [id, seq], marksRecord))?.marks ?? [];

const putMarks = (
  writer: Writer,
  id: ConversationId,
  seq: number,
  marks: readonly Mark[],
): Promise<void> => writer.put("marks", [id, seq], marksRecord, { marks: [...marks] });

/**
 * M5: with a message go its edits, here and those that still wait. Own ones that the server has are noted: a
 * deletion that was written before they were known does not name them.
 */
async function dropTexts(
  writer: Writer,
  own: ThisDevice,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  marks: readonly Mark[],
): Promise<KeptConversation> {
  await putMarks(writer, id, seq, withoutTexts(marks));
  const isOwn = ({ account }: Mark) => equalBytes(account, own.account);
  const deletion = marks.find((mark) => mark.wish.kind === "deletion" && isOwn(mark));
  if (!deletion) return kept;
  const target = { ...deletion.named, seq };
  const left = marks.filter((mark) => mark.wish.kind === "edit" && isOwn(mark));
  const dropped = await dropPointlessEdits(writer, id, kept.outbox, { kind: "deletion", target });
  const edits = left.map((edit) => ({ seq, edit: edit.seq }));
  return editsFound(entriesLeft(kept, dropped), edits);
}

/** M5: one more mark on a place, whether something is stored there or not; returns what is kept after it. */
async function addMark(
  writer: Writer,
  own: ThisDevice,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  mark: Mark,
): Promise<KeptConversation> {
  const marks = withMark(await readMarks(writer, id, seq), mark);
  const row = await writer.get("messages", [id, seq], messageRecord);
  if (row?.type !== "message") {
    // What the server does not have any more leaves no text here either.
    const isHole = row === null && seq >= kept.oldest && seq <= kept.cursor;
    if (isHole && deletedThere(marks)) return dropTexts(writer, own, id, kept, seq, marks);
    await putMarks(writer, id, seq, marks);
    return kept;
  }
  const effects = effectsOn(markedOf(row), marks);
  const isDeleted = row.body.kind === "deleted" || effects.deletedAt !== null;
  const after = isDeleted ? await dropTexts(writer, own, id, kept, seq, marks) : kept;
  if (!isDeleted) await putMarks(writer, id, seq, marks);
  const { body } = row;
  if (!isShown(body)) return after;
  const { deletedAt, edit } = effects;
  if (deletedAt !== null) {
    await writer.put("messages", [id, seq], messageRecord, deletedRow(row, deletedAt));
    const left = copiesLeft(after, blobsOf(body));
    return messageDeleted(left, seq, counts(row, seq, kept, own));
  }
  if (!edit || !isEditable(body)) return after;
  return messageEdited(after, seq, previewOf({ ...body, text: edit.text }));
}

/** A message at its place, and what is kept after what it wants of others. */
export interface PlacedMessage {
  readonly kept: KeptConversation;
  /** as it is shown: with its author's edits; what is stored has the first text */
  readonly shown: MessageRow;
}

/**
 * M5: writes a verified message at its place, as the marks on it have made it, and does what it wants of others,
 * in the same transaction. What this device deletes is due at the server from here on.
 */
export async function putMessage(
  writer: Writer,
  own: ThisDevice,
  id: ConversationId,
  kept: KeptConversation,
  seq: number,
  row: MessageRow,
): Promise<PlacedMessage> {
  const { account, at, body } = row;
  if (isShown(body)) {
    const marks = await readMarks(writer, id, seq);
    const { deletedAt, edit } = effectsOn(markedOf(row), marks);
    if (deletedAt !== null) {
      const deleted = deletedRow(row, deletedAt);
      await writer.put("messages", [id, seq], messageRecord, deleted);
      const after = await dropTexts(writer, own, id, kept, seq, marks);
      return { kept: copiesLeft(after, blobsOf(body)), shown: deleted };
    }
    await writer.put("messages", [id, seq], messageRecord, row);
    const isEdited = edit !== null && isEditable(body);
    return { kept, shown: isEdited ? { ...row, body: { ...body, text: edit.text } } : row };
  }
  const stored: MessageRow =
    body.kind === "edit" ? { ...row, body: { kind: "edit", target: body.target } } : row;
  await writer.put("messages", [id, seq], messageRecord, stored);
  const wanted = wishOf(row);
  // Only what came before can be named.
  if (!wanted || wanted.target.seq >= seq) return { kept, shown: stored };
  const { device, deviceSeq, digest } = wanted.target;
  const sentAt = row.sentAt ?? at;
  const mark = { account, seq, at, sentAt, named: { device, deviceSeq, digest }, ...wanted };
  const { target, ...made } = mark;
  let next = await addMark(writer, own, id, kept, target.seq, made);
  if (body.kind === "deletion") {
    const removed = [target, ...(body.edits ?? [])];
    for (const one of removed) await nameDeleted(writer, id, account, one);
    if (equalBytes(row.device, own.device)) {
      const due = removed.map((one) => ({ seq: one.seq, deletion: seq }));
      next = removalsDue(next, due);
    }
  }
  return { kept: next, shown: stored };
}

/** M5: places that turn out to have nothing keep no text of what was deleted there. Returns what is kept after it. */
export async function clearHoles(
  writer: Writer,
  own: ThisDevice,
  id: ConversationId,
  kept: KeptConversation,
  { from, to }: { readonly from: number; readonly to: number },
  present: ReadonlySet<number>,
): Promise<KeptConversation> {
  let next = kept;
  // By what is stored, never place by place: how far a log reaches is the server's word.
  for (const { seq, row } of placedOf(await writer.all("marks", marksRecord, { id, from, to }))) {
    if (present.has(seq) || !deletedThere(row.marks)) continue;
    next = await dropTexts(writer, own, id, next, seq, row.marks);
  }
  return next;
}
