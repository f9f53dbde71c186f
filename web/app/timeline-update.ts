import type { Timeline, TimelineItem } from "./timeline.ts";

/** Items as they are, or so many of those that the page has already. */
export type ItemRun =
  | { readonly items: readonly TimelineItem[] }
  | { readonly from: number; readonly count: number };

/** A timeline on its way to the page: only items that it does not have yet are sent. */
export interface TimelineUpdate extends Omit<Timeline, "items"> {
  readonly runs: readonly ItemRun[];
  /** how many items the page must have for the runs to fit; null: none is referred to */
  readonly on: number | null;
}

/** Whether two plain values, as they cross to the page, say the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, one]) => sameValue(one, right.get(key)));
}

/** What to send so that a page that has `before` gets `next`. Runs that did not change cost two numbers. */
export function runsOf(before: readonly TimelineItem[], next: readonly TimelineItem[]): ItemRun[] {
  const places = new Map(before.map((item, index) => [item.id, index]));
  const runs: ItemRun[] = [];
  let fresh: TimelineItem[] = [];
  let run = { from: 0, count: 0 };
  const endRun = (): void => {
    if (run.count > 0) runs.push(run);
    run = { from: 0, count: 0 };
  };
  const endFresh = (): void => {
    if (fresh.length > 0) runs.push({ items: fresh });
    fresh = [];
  };
  for (const item of next) {
    const index = places.get(item.id);
    if (index === undefined || !sameValue(before[index], item)) {
      endRun();
      fresh.push(item);
      continue;
    }
    endFresh();
    if (run.count > 0 && run.from + run.count === index) {
      run = { from: run.from, count: run.count + 1 };
      continue;
    }
    endRun();
    run = { from: index, count: 1 };
  }
  endRun();
  endFresh();
  return runs;
}

/** Items that did not change are the same objects as before, so that their rows are not rendered again. */
export function itemsFrom(
  before: readonly TimelineItem[],
  runs: readonly ItemRun[],
): readonly TimelineItem[] {
  return runs.flatMap((run) =>
    "items" in run ? run.items : before.slice(run.from, run.from + run.count),
  );
}

/** The page's side. An update made for an earlier opening does not fit and changes nothing. */
export function updatedTimeline(
  before: Timeline | null,
  { runs, on, ...rest }: TimelineUpdate,
): Timeline | null {
  if (on !== null && before?.items.length !== on) return before;
  return { ...rest, items: itemsFrom(before?.items ?? [], runs) };
}
