/** A part of a conversation's log, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What of the log is stored here. */
export interface Extent {
  readonly oldest: number;
  readonly newest: number;
}

/** As `to`: whatever comes after belongs to the stretch as well. */
export const END: number = Number.MAX_SAFE_INTEGER;

/** Two screens of short messages: what the first paint reads. */
const FIRST = 60;
const STEP = 120;
/** More than this is never held in memory, sent to the page or laid out. */
const MOST = 480;

const open = (to: number, extent: Extent): number => (to >= extent.newest ? END : to);

/** The last page. */
export const atNewest = (extent: Extent): Stretch => ({
  from: Math.max(extent.oldest, extent.newest - FIRST + 1),
  to: END,
});

/** A page on each side of a place. */
export const around = (seq: number, extent: Extent): Stretch => ({
  from: Math.max(extent.oldest, seq - FIRST),
  to: open(seq + FIRST, extent),
});

/** One step back; what is far below goes. */
export function withOlder({ from, to }: Stretch, extent: Extent): Stretch {
  const first = Math.max(extent.oldest, from - STEP);
  const last = Math.min(to, extent.newest);
  return { from: first, to: last - first >= MOST ? open(first + MOST - 1, extent) : to };
}

/** One step forward; what is far above goes. */
export function withNewer({ from, to }: Stretch, extent: Extent): Stretch {
  const next = open(Math.min(to, extent.newest) + STEP, extent);
  const last = Math.min(next, extent.newest);
  return { from: Math.max(from, last - MOST + 1), to: next };
}

/** Much that arrived at once is not followed: the reader stays where they are, and the rest comes in steps. */
export function bounded({ from, to }: Stretch, extent: Extent): Stretch {
  const grown = to === END && extent.newest - from >= MOST + STEP;
  return grown ? { from, to: from + MOST - 1 } : { from, to };
}

export const holds = ({ from, to }: Stretch, seq: number): boolean => seq >= from && seq <= to;
