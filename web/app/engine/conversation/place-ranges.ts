import type { PlaceRange } from "../store/standstill.ts";

/** M6: more than these are asked for as fewer, longer ones. */
const RANGES = 64;

const byPlace = (a: PlaceRange, b: PlaceRange): number => a.from - b.from;

/** Ranges in order, none touching another, at most so many: what lies between the closest is taken with them. */
export function withPlaces(held: readonly PlaceRange[], more: readonly PlaceRange[]): PlaceRange[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...held, ...more].sort(byPlace)) {
    const last = merged.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  while (merged.length > RANGES) {
    let closest = 1;
    const gapAt = (i: number) => (merged[i]?.from ?? 0) - (merged[i - 1]?.to ?? 0);
    for (let i = 2; i < merged.length; i++) if (gapAt(i) < gapAt(closest)) closest = i;
    const [joined] = merged.splice(closest, 1);
    const before = merged[closest - 1];
    if (joined && before) before.to = joined.to;
  }
  return merged;
}

export const hasPlace = (ranges: readonly PlaceRange[], seq: number): boolean =>
  ranges.some(({ from, to }) => seq >= from && seq <= to);

/** The same list where the place is in none. */
export function withoutPlace<T extends readonly PlaceRange[]>(
  ranges: T,
  seq: number,
): T | PlaceRange[] {
  if (!hasPlace(ranges, seq)) return ranges;
  return ranges.flatMap(({ from, to }) => {
    if (seq < from || seq > to) return [{ from, to }];
    return [
      ...(from < seq ? [{ from, to: seq - 1 }] : []),
      ...(seq < to ? [{ from: seq + 1, to }] : []),
    ];
  });
}

export const withoutPlacesAfter = (ranges: readonly PlaceRange[], last: number): PlaceRange[] =>
  ranges.flatMap(({ from, to }) => (from > last ? [] : [{ from, to: Math.min(to, last) }]));

/** What lies between these places, from `from` to `to`, and is none of them. `seqs` rise. */
export function placesBetween(from: number, seqs: readonly number[], to: number): PlaceRange[] {
  const ranges: PlaceRange[] = [];
  let next = from;
  for (const seq of [...seqs, to + 1]) {
    if (seq > next) ranges.push({ from: next, to: seq - 1 });
    next = Math.max(next, seq + 1);
  }
  return ranges;
}
