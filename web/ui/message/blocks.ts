import type { Timeline, TimelineItem } from "../../app/timeline.ts";

export type MessageItem = Extract<TimelineItem, { kind: "message" }>;
export type DeletedItem = Extract<TimelineItem, { kind: "deleted" }>;
export type NoticeItem = Extract<TimelineItem, { kind: "notice" }>;

/** What stands in the log, from top to bottom; `key` tells one from the others. */
export type Block =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "notice"; readonly key: string; readonly item: NoticeItem }
  | { readonly kind: "deleted"; readonly key: string; readonly item: DeletedItem }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly item: MessageItem;
      /** first and last of a run by one sender: where the name, the gap and the cut corner go */
      readonly first: boolean;
      readonly last: boolean;
    };

const RUN_MS = 5 * 60 * 1000;

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** A separator of any kind between two messages ends a run, and so does a pause. */
function sameRun(a: TimelineItem | undefined, b: TimelineItem, newFrom: number | null): boolean {
  return (
    a !== undefined &&
    a.kind === "message" &&
    b.kind === "message" &&
    a.sender.account === b.sender.account &&
    b.at - a.at < RUN_MS &&
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

/** A block whose contents did not change is the same object, so that its row is not rendered again. */
function kept(before: Block | undefined, block: Block): Block {
  if (before?.kind !== block.kind) return block;
  switch (block.kind) {
    case "day":
      return before.kind === "day" && before.at === block.at ? before : block;
    case "new":
      return before;
    case "notice":
    case "deleted":
      return "item" in before && before.item === block.item ? before : block;
    case "message": {
      if (before.kind !== "message" || before.item !== block.item) return block;
      return before.first === block.first && before.last === block.last ? before : block;
    }
  }
}

/**
 * Days, the divider and runs. Where there are older messages, the oldest item of the timeline is not shown: it only
 * says what comes before the next one, so that nothing in sight changes when older ones arrive above.
 */
export function layOut(
  { items, newFrom, older }: Pick<Timeline, "items" | "newFrom" | "older">,
  before: readonly Block[],
): Block[] {
  const known = new Map(before.map((block) => [block.key, block]));
  const blocks: Block[] = [];
  const put = (block: Block): void => void blocks.push(kept(known.get(block.key), block));
  const days = items.map(({ at }) => midnight(at));
  const isDayStart = (index: number): boolean => index === 0 || days[index] !== days[index - 1];
  const runs = (index: number): boolean => {
    const item = items[index];
    return item !== undefined && !isDayStart(index) && sameRun(items[index - 1], item, newFrom);
  };
  items.forEach((item, index) => {
    if (index === 0 && older !== "none") return;
    if (isDayStart(index)) put({ kind: "day", key: `day-${item.id}`, at: item.at });
    if (startsNew(items[index - 1], item, newFrom)) put({ kind: "new", key: "new" });
    switch (item.kind) {
      case "notice":
        return put({ kind: "notice", key: item.id, item });
      case "deleted":
        return put({ kind: "deleted", key: item.id, item });
      case "message":
        return put({
          kind: "message",
          key: item.id,
          item,
          first: !runs(index),
          last: !runs(index + 1),
        });
    }
  });
  return blocks;
}

/** The block that shows this place of the log, else the one nearest before it; -1 with none. */
export function blockAt(blocks: readonly Block[], seq: number): number {
  let found = -1;
  for (const [index, block] of blocks.entries()) {
    if (!("item" in block) || block.item.seq === null) continue;
    if (found >= 0 && block.item.seq > seq) break;
    found = index;
    if (block.item.seq >= seq) break;
  }
  return found;
}
