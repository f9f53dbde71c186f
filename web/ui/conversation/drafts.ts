import { type Signal, signal } from "@preact/signals";

/** A text that is being stored as a message. */
export interface Leaving {
  readonly text: string;
}

/** What stands in the box of a conversation in this tab. */
export interface BoxDraft {
  /** A message stays in it until it is stored: a tab that is closed in between must have lost nothing it had taken. */
  readonly text: Signal<string>;
  /** the messages at the beginning of the text that are being stored, in their order */
  readonly leaving: Signal<readonly Leaving[]>;
  /** resolves when the last of them is stored, or could not be; never rejects */
  left: Promise<unknown>;
  /** the kept version that it was typed on from; -1 before the engine was asked */
  seen: number;
}

/**
 * The boxes of this tab. The engine keeps them as well, sealed, for the next start and the other devices; an
 * empty text is remembered too, so that an older one is not fetched over it.
 */
const drafts = new Map<string, BoxDraft>();

export function boxOf(conversation: string): BoxDraft {
  const known = drafts.get(conversation);
  if (known) return known;
  const box: BoxDraft = {
    text: signal(""),
    leaving: signal([]),
    left: Promise.resolve(),
    seen: -1,
  };
  drafts.set(conversation, box);
  return box;
}

/** Another person may sign in on this tab. */
export function forgetDrafts(): void {
  drafts.clear();
}
