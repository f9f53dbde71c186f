/**
 * What stands in the box of each conversation in this tab. The engine keeps it as well, sealed, for the next
 * start; an empty text is remembered too, so that an older one is not fetched over it.
 */
const drafts = new Map<string, string>();

/** null when nothing was written in this tab yet: then ask the engine. */
export const draftHere = (conversation: string): string | null => drafts.get(conversation) ?? null;

export function keepDraft(conversation: string, draft: string): void {
  drafts.set(conversation, draft);
}

/** Another person may sign in on this tab. */
export function forgetDrafts(): void {
  drafts.clear();
}
