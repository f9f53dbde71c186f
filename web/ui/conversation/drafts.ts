/** What stands in the box of each conversation while another one is on screen. In memory of this tab only. */
const drafts = new Map<string, string>();

export const draftOf = (conversation: string): string => drafts.get(conversation) ?? "";

export function keepDraft(conversation: string, draft: string): void {
  if (draft === "") drafts.delete(conversation);
  else drafts.set(conversation, draft);
}

/** Another person may sign in on this tab. */
export function forgetDrafts(): void {
  drafts.clear();
}
