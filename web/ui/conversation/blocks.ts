import type { TimelineItem } from "../../app/view.ts";
import { isSameDay } from "../text/dates.ts";

export type MessageItem = Extract<TimelineItem, { kind: "message" }>;
export type DeletedItem = Extract<TimelineItem, { kind: "deleted" }>;
export type NoticeItem = Extract<TimelineItem, { kind: "notice" }>;

/** What stands in the log, from top to bottom. */
export type Block =
  | { readonly kind: "day"; readonly id: string; readonly at: number }
  | { readonly kind: "new"; readonly id: string }
  | { readonly kind: "notice"; readonly id: string; readonly item: NoticeItem }
  | { readonly kind: "deleted"; readonly id: string; readonly item: DeletedItem }
  | {
      readonly kind: "message";
      readonly id: string;
      readonly item: MessageItem;
      /** first and last of a run by one sender: where the name, the gap and the cut corner go */
      readonly first: boolean;
      readonly last: boolean;
    };

const RUN_MS = 5 * 60 * 1000;

/** A separator of any kind between two messages ends a run, and so does a pause. */
function sameRun(a: TimelineItem | undefined, b: TimelineItem, newFrom: number | null): boolean {
  return (
    a !== undefined &&
    a.kind === "message" &&
    b.kind === "message" &&
    a.sender.account === b.sender.account &&
    b.at - a.at < RUN_MS &&
    isSameDay(a.at, b.at) &&
    !startsNew(a, b, newFrom)
  );
}

function startsNew(
  before: TimelineItem | undefined,
  item: TimelineItem,
  newFrom: number | null,
): boolean {
  if (newFrom === null || item.seq === null || item.seq < newFrom) return false;
  return before === undefined || (before.seq !== null && before.seq < newFrom);
}

/** Days, the divider and runs, computed from the items alone. */
export function layOut(items: readonly TimelineItem[], newFrom: number | null): Block[] {
  const blocks: Block[] = [];
  items.forEach((item, index) => {
    const before = items[index - 1];
    const after = items[index + 1];
    if (before === undefined || !isSameDay(before.at, item.at)) {
      blocks.push({ kind: "day", id: `day-${new Date(item.at).toDateString()}`, at: item.at });
    }
    if (startsNew(before, item, newFrom)) blocks.push({ kind: "new", id: "new" });
    if (item.kind === "notice") {
      blocks.push({ kind: "notice", id: item.id, item });
      return;
    }
    if (item.kind === "deleted") {
      blocks.push({ kind: "deleted", id: item.id, item });
      return;
    }
    blocks.push({
      kind: "message",
      id: item.id,
      item,
      first: !sameRun(before, item, newFrom),
      last: after === undefined || !sameRun(item, after, newFrom),
    });
  });
  return blocks;
}
