/** What stands in the box of a conversation in this tab. */
export interface BoxDraft {
  text: string;
  /** the kept version that it was typed on from; -1 before the engine was asked */
  seen: number;
  /** messages taken out of the box that are not stored yet: what is kept is theirs, and no draft */
  sending: number;
}

/**
 * The boxes of this tab. The engine keeps them as well, sealed, for the next start and the other devices; an
 * empty text is remembered too, so that an older one is not fetched over it.
 */
const drafts = new Map<string, BoxDraft>();

export function boxOf(conversation: string): BoxDraft {
  const known = drafts.get(conversation);
  if (known) return known;
  const box: BoxDraft = { text: "", seen: -1, sending: 0 };
  drafts.set(conversation, box);
  return box;
}

/** Another person may sign in on this tab. */
export function forgetDrafts(): void {
  drafts.clear();
}
