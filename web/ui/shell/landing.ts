import type { ConversationSummary, Me } from "../../app/view.ts";

let landed = false;

/**
 * Where the app opens for a patient whose whole list is one conversation: in it. Once for each start, so that
 * "back" still leads to the list.
 */
export function landingPath(role: Me["role"], rows: readonly ConversationSummary[]): string | null {
  const [only, ...others] = rows;
  if (landed || role !== "patient" || only === undefined || others.length > 0) return null;
  if (only.archived) return null;
  return `/c/${only.id}`;
}

/** A screen was chosen, by this or by the person. */
export function noteLanded(): void {
  landed = true;
}

/** Another person may sign in on this tab. */
export function forgetLanding(): void {
  landed = false;
}
