import type { ConversationId } from "../../app/ids.ts";
import { type Signal, signal } from "@preact/signals";

/** A text that is being stored as a message. */
export interface StoringText {
  readonly text: string;
}

/** What stands in the box of a conversation in this tab. */
export interface ComposerState {
  readonly text: Signal<string>;
  /** The messages that are being stored, in their order. They are out of the box: what is typed next is whole. */
  readonly storing: Signal<readonly StoringText[]>;
  /** resolves when the last of them is stored, or could not be; never rejects */
  left: Promise<unknown>;
  /** how many messages were taken out of it */
  sent: number;
  /** the kept version that it was typed on from; -1 before the engine was asked */
  seen: number;
}

/**
 * The boxes of this tab. The engine keeps them as well, sealed, for the next start and the other devices; an
 * empty text is remembered too, so that an older one is not fetched over it.
 */
const composers = new Map<ConversationId, ComposerState>();

export function composerStateOf(conversation: ConversationId): ComposerState {
  const known = composers.get(conversation);
  if (known) return known;
  const box: ComposerState = {
    text: signal(""),
    storing: signal([]),
    left: Promise.resolve(),
    sent: 0,
    seen: -1,
  };
  composers.set(conversation, box);
  return box;
}

/** Another person may sign in on this tab. */
export function forgetComposers(): void {
  composers.clear();
}
