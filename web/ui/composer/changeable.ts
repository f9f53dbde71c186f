import { CHANGE_MS, type TimelineItem } from "../../app/timeline.ts";
import type { MessageItem } from "../message/blocks.ts";

const isUnderDeletion = ({ change }: MessageItem): boolean =>
  change?.what === "deletion" && change.delivery.state !== "failed";

/** The earlier of both clocks: others count 24 hours by each. */
const writtenAt = (item: MessageItem): number => Math.min(item.at, item.writtenAt ?? item.at);

/** M5: whether its author may still edit it or delete it for everyone. */
export const isChangeable = (item: MessageItem, now: number): boolean =>
  item.sender.own &&
  item.seq !== null &&
  now - writtenAt(item) < CHANGE_MS &&
  !isUnderDeletion(item);

/** A file is what it is; what was written with it goes with it. */
export const isEditable = (item: MessageItem, now: number): boolean =>
  item.file === undefined && isChangeable(item, now);

/** The last own message, if it can be edited: an older one is never meant by "the last". */
export function lastToEdit(items: readonly TimelineItem[], now: number): MessageItem | null {
  const last = items.findLast((item) => item.kind === "message" && item.sender.own);
  return last?.kind === "message" && isEditable(last, now) ? last : null;
}
