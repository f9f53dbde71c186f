import { LIMITS } from "../../protocol/limits.ts";

/** Which part of the log is asked for; exactly one, or none of them for the newest page. */
export interface LogQuestion {
  readonly after: number | null;
  readonly before: number | null;
  readonly at: number | null;
  readonly limit: number;
}

export interface Places {
  readonly from: number;
  /** inclusive */
  readonly to: number;
  /** when not everything fits: which end was asked for */
  readonly keep: "oldest" | "newest";
}

/** Places of the page asked for; seq is dense, so a page is a range. Null: the time lies before the tail. */
export function placesOf(
  question: LogQuestion,
  lastSeq: number,
  findTime: (time: number) => number | null,
): Places | null {
  const limit = Math.min(Math.max(1, question.limit), LIMITS.itemsPerPage);
  const onward = (from: number): Places => {
    return { from, to: Math.min(lastSeq, from + limit - 1), keep: "oldest" };
  };
  if (question.after !== null) return onward(question.after + 1);
  if (question.at !== null) {
    const from = findTime(question.at);
    return from === null ? null : onward(from);
  }
  const to = Math.min(lastSeq, question.before === null ? lastSeq : question.before - 1);
  return { from: Math.max(1, to - limit + 1), to, keep: "newest" };
}

/** An item as it travels, with its place. */
export interface EncodedItem {
  readonly seq: number;
  readonly item: Uint8Array;
}

/** What one store has of a page. */
export interface Part {
  readonly items: readonly EncodedItem[];
  /** not everything fitted: beyond its last item (or `end`) there is more that is not here */
  readonly isCut: boolean;
  /** last place that is fully known, if no item says so */
  readonly end?: number;
}

/** Parts of one page as one, without a hole: what lies beyond a part that was cut belongs to the next page. */
export function joinPage(
  places: Places,
  lastSeq: number,
  parts: readonly Part[],
): { items: EncodedItem[]; more: boolean } {
  const isOnward = places.keep === "oldest";
  const ends = parts.flatMap(({ items, isCut, end }) => {
    if (!isCut) return [];
    const last = isOnward ? items.at(-1) : items[0];
    return [end ?? last?.seq ?? (isOnward ? places.from : places.to)];
  });
  const from = isOnward ? places.from : Math.max(places.from, ...ends);
  const to = isOnward ? Math.min(places.to, ...ends) : places.to;
  const items = parts
    .flatMap((part) => part.items)
    .filter(({ seq }) => seq >= from && seq <= to)
    .sort((a, b) => a.seq - b.seq);
  return { items, more: isOnward ? to < lastSeq : from > 1 };
}

/** Keeps what fits, from the end that was asked for, and at least one. */
export function fitting<T>(
  items: readonly T[],
  keep: "oldest" | "newest",
  size: (item: T) => number,
  cap: number,
): T[] {
  const ordered = keep === "oldest" ? [...items] : items.toReversed();
  let bytes = 0;
  const over = ordered.findIndex((item, i) => {
    bytes += size(item);
    return i > 0 && bytes > cap;
  });
  const kept = over < 0 ? ordered : ordered.slice(0, over);
  return keep === "oldest" ? kept : kept.reverse();
}
