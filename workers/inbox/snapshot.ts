import type { InboxDown, InboxRow } from "../protocol/frames.ts";
import { type InboxState, unreadOf } from "./unread.ts";

/** Rows of one snapshot frame. */
const SNAPSHOT_ROWS = 200;

export function rowOf(conversation: Uint8Array, state: InboxState): InboxRow {
  const { shard, head, lastSeq, lastAt, readSeq } = state;
  return { conversation, shard, head, lastSeq, lastAt, readSeq, unread: unreadOf(state) };
}

/** Rows in as few frames as allowed; an empty list is one frame. */
export function snapshotFrames(rows: readonly InboxRow[]): InboxDown[] {
  const frames: InboxDown[] = [];
  for (let i = 0; i === 0 || i < rows.length; i += SNAPSHOT_ROWS) {
    const more = i + SNAPSHOT_ROWS < rows.length;
    frames.push({ t: "snapshot", rows: rows.slice(i, i + SNAPSHOT_ROWS), more });
  }
  return frames;
}
