import * as z from "zod/mini";
import { time, unsigned } from "../../../workers/protocol/fields.ts";

/** How the account keeps one conversation in its list (K9). */
export const conversationFlags = z.strictObject({
  pinned: z.boolean(),
  /** `until` null: for ever */
  muted: z.nullable(z.strictObject({ until: z.nullable(time) })),
  /** the newest that was known when it was put away: what comes after brings it back */
  archived: z.nullable(z.strictObject({ seq: unsigned, at: time })),
});
export type ConversationFlags = z.infer<typeof conversationFlags>;

export const flagName = z.enum(["pinned", "muted", "archived"]);
export type FlagName = z.infer<typeof flagName>;

export const NO_FLAGS: ConversationFlags = { pinned: false, muted: null, archived: null };

/** What another device left, with those flags of this one that it does not know yet. */
export function mergeFlags(
  theirs: ConversationFlags,
  mine: ConversationFlags,
  pending: readonly FlagName[],
): ConversationFlags {
  return {
    pinned: pending.includes("pinned") ? mine.pinned : theirs.pinned,
    muted: pending.includes("muted") ? mine.muted : theirs.muted,
    archived: pending.includes("archived") ? mine.archived : theirs.archived,
  };
}

export const isMuted = ({ muted }: ConversationFlags, now: number): boolean =>
  muted !== null && (muted.until === null || muted.until > now);

/**
 * New activity brings an archived conversation back, unless it is muted. Both marks have to be passed: a name
 * that was said moves the order but is no activity, and times alone differ between what server and client see.
 */
export function isArchived(
  flags: ConversationFlags,
  newest: { readonly seq: number; readonly at: number },
  now: number,
): boolean {
  const { archived } = flags;
  if (archived === null) return false;
  return isMuted(flags, now) || newest.seq <= archived.seq || newest.at <= archived.at;
}
