import type { Activity } from "./activity.ts";

/** One conversation of an account (decision "one socket"). */
export interface InboxState {
  readonly shard: number;
  readonly head: number;
  readonly lastSeq: number;
  readonly lastAt: number;
  /** envelopes of others so far that are not quiet (M1) */
  readonly others: number;
  readonly readSeq: number;
  /** of `others`, at least this many are read */
  readonly readOthers: number;
}

/**
 * Upper bound of what is unread: quiet envelopes, bundles and own messages stand between, so neither count alone is
 * sharp.
 */
export const unreadOf = (state: InboxState): number =>
  Math.max(0, Math.min(state.others - state.readOthers, state.lastSeq - state.readSeq));

/** The state after a Conversation's call, or null if it says nothing new. Calls may repeat and overtake each other. */
export function withActivity(before: InboxState | null, activity: Activity): InboxState | null {
  const { shard, head, lastSeq, lastAt, others } = activity;
  if (!before) return { shard, head, lastSeq, lastAt, others, readSeq: 0, readOthers: 0 };
  if (lastSeq <= before.lastSeq) return null;
  return {
    ...before,
    shard,
    head: Math.max(head, before.head),
    lastSeq,
    lastAt: Math.max(lastAt, before.lastAt),
    others: Math.max(others, before.others),
  };
}

/** The state after everything up to `seq` was read, or null if that says nothing new. Never goes back. */
export function withRead(before: InboxState, seq: number): InboxState | null {
  if (seq <= before.readSeq) return null;
  // After `seq` come at most lastSeq - seq envelopes of others; all the rest is read.
  const rest = Math.max(0, before.lastSeq - seq);
  const readOthers = Math.max(before.readOthers, before.others - rest);
  return { ...before, readSeq: seq, readOthers };
}
