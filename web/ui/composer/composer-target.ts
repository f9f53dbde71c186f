/**
 * Which message the box of each conversation is about: one it answers, or one it writes anew. In this tab only; a
 * draft is a text of its own (composer-state.ts), so that editing never touches it.
 */
import type { ConversationId } from "../../app/ids.ts";
import { signal } from "@preact/signals";
import type { QuotedFile } from "../../app/files-view.ts";
import { quotedOf } from "../files/file-words.ts";
import type { MessageItem } from "../message/blocks.ts";

/** The message that the box answers or changes, as it stood when it was chosen. */
export type ComposerTarget =
  | {
      readonly kind: "reply";
      readonly seq: number;
      readonly sender: { readonly name: string; readonly own: boolean };
      readonly text: string;
      readonly file?: QuotedFile;
    }
  | {
      readonly kind: "edit";
      readonly seq: number;
      /** as it stands in the conversation */
      readonly before: string;
      /** as it stands in the box */
      readonly text: string;
    };

const targets = signal<ReadonlyMap<ConversationId, ComposerTarget>>(new Map());

/** Reading it in a component makes the component follow it. */
export const composerTargetOf = (conversation: ConversationId): ComposerTarget | null =>
  targets.value.get(conversation) ?? null;

/** null: the box is about nothing but what is written next. */
export function setComposerTarget(
  conversation: ConversationId,
  target: ComposerTarget | null,
): void {
  const next = new Map(targets.peek());
  if (target === null) next.delete(conversation);
  else next.set(conversation, target);
  targets.value = next;
}

/** The next message answers this one. An edit under way ends: its draft comes back. */
export function replyTo(conversation: ConversationId, item: MessageItem): void {
  if (item.seq === null) return;
  const { name, own } = item.sender;
  const { seq, text } = item;
  const file = item.file && quotedOf(item.file);
  setComposerTarget(conversation, {
    kind: "reply",
    seq,
    sender: { name, own },
    text,
    ...(file ? { file } : {}),
  });
}

/** The box holds this message, to be written anew. */
export function startEdit(conversation: ConversationId, item: MessageItem): void {
  if (item.seq === null) return;
  setComposerTarget(conversation, {
    kind: "edit",
    seq: item.seq,
    before: item.text,
    text: item.text,
  });
}

/** Another person may sign in on this tab. */
export function forgetComposerTargets(): void {
  targets.value = new Map();
}
