import type { ConversationId } from "../../app/ids.ts";

let next: { readonly conversation: ConversationId; readonly seq: number } | null = null;

/** The next time this conversation is opened, it is at this message. */
export function revealNext(conversation: ConversationId, seq: number): void {
  next = { conversation, seq };
}

/** Where it is to be opened; once. */
export function takeReveal(conversation: ConversationId): number | null {
  const seq = next?.conversation === conversation ? next.seq : null;
  next = null;
  return seq;
}
