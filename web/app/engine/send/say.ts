import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import {
  type Content,
  EDITS_CAP,
  type Target,
  isEditable,
  isQuotable,
  isShown,
} from "../../../core/messages/content.ts";
import { isBlank } from "../../blank.ts";
import type { Deps } from "../store/deps.ts";
import { markedOf } from "../log/marks.ts";
import { CommandProblem } from "../store/problem-of.ts";
import { type MessageRow, marksRecord, messageRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Typed } from "../../drafts-view.ts";
import type { CommandHandlers } from "../../rpc.ts";

const targetOf = (seq: number, { device, deviceSeq, digest }: MessageRow): Target => ({
  device,
  deviceSeq,
  digest,
  seq,
});

/** Whether something may be wanted of what a message says (M5). */
export type May = (body: MessageRow["body"]) => boolean;

async function messageAt(
  store: Store,
  id: ConversationId,
  seq: number,
  may: May,
): Promise<MessageRow> {
  const row = await store.read("messages", [id, seq], messageRecord);
  if (row?.type !== "message" || !may(row.body)) throw new ProtocolError("not_found");
  return row;
}

/** M5: names the message stored at this place. Throws ProtocolError `not_found` where none is that may be that. */
export const targetAt = async (
  store: Store,
  id: ConversationId,
  seq: number,
  may: May,
): Promise<Target> => targetOf(seq, await messageAt(store, id, seq, may));

/**
 * M5: names an own message that may still be changed, and its edits. Throws ProtocolError `not_found` where there
 * is none, where it is another's, and where it is too old for others to follow.
 */
export async function changeableAt(
  { store, now }: Pick<Deps, "store" | "now">,
  id: ConversationId,
  seq: number,
  account: Uint8Array,
  may: May,
): Promise<{ readonly target: Target; readonly edits: Target[] }> {
  const row = await messageAt(store, id, seq, may);
  const marked = markedOf(row);
  const isOwn = equalBytes(row.account, account);
  const since = Math.min(marked.sentAt, marked.at);
  if (!isOwn || now() - since > LIMITS.changeMs) throw new ProtocolError("not_found");
  const marks = await store.read("marks", [id, seq], marksRecord);
  const edits: Target[] = [];
  for (const { seq: at, wish, account: editor } of marks?.marks ?? []) {
    if (wish.kind !== "edit" || !equalBytes(editor, account)) continue;
    const edit = await store.read("messages", [id, at], messageRecord);
    if (edit?.type === "message") edits.push(targetOf(at, edit));
  }
  return { target: targetOf(seq, row), edits: edits.slice(-EDITS_CAP) };
}

const worded = (text: string): string => {
  const trimmed = isBlank(text) ? "" : text.trim();
  if (trimmed.length > LIMITS.text) throw new CommandProblem("too_long");
  return trimmed;
};

/** A signed-in device, as far as it writes. */
export interface Writing {
  targetAt(id: ConversationId, seq: number, may: May): Promise<Target>;
  changeableAt(id: ConversationId, seq: number, may: May): ReturnType<typeof changeableAt>;
  /** Queued at once, under an idempotency key, and kept until the server has it. */
  say(
    id: ConversationId,
    content: Content,
    how?: { key: string; left: Typed; text: string },
  ): Promise<void>;
}

type Names = "send" | "editMessage" | "deleteMessage" | "react";

/** What a person writes, and what they want of a message that is written (M5). */
export const messageHandlers = (working: () => Writing): Pick<CommandHandlers, Names> => ({
  async send({ key, conversation, text, left, replyTo }) {
    const words = worded(text);
    if (!words) return null;
    const space = working();
    const reply =
      replyTo === undefined ? undefined : await space.targetAt(conversation, replyTo, isQuotable);
    const content = { kind: "text" as const, text: words, ...(reply ? { reply } : {}) };
    await space.say(conversation, content, { key, left, text });
    return null;
  },
  async editMessage({ conversation, seq, text }) {
    const words = worded(text);
    if (!words) return null;
    const space = working();
    const { target } = await space.changeableAt(conversation, seq, isEditable);
    await space.say(conversation, { kind: "edit", target, text: words });
    return null;
  },
  async deleteMessage({ conversation, seq }) {
    const space = working();
    const { target, edits } = await space.changeableAt(conversation, seq, isShown);
    await space.say(conversation, { kind: "deletion", target, edits });
    return null;
  },
  async react({ conversation, seq, emoji }) {
    const space = working();
    const target = await space.targetAt(conversation, seq, isShown);
    await space.say(conversation, { kind: "reaction", target, emoji });
    return null;
  },
});
