/** A part of a conversation's log, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What of the log is stored here. */
export interface Held {
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

const open = (to: number, held: Held): number => (to >= held.newest ? END : to);

/** The last page. */
export const atNewest = (held: Held): Stretch => ({
  from: Math.max(held.oldest, held.newest - FIRST + 1),
  to: END,
});

/** A page on each side of a place. */
export const around = (seq: number, held: Held): Stretch => ({
  from: Math.max(held.oldest, seq - FIRST),
  to: open(seq + FIRST, held),
});

/** One step back; what is far below goes. */
export function withOlder({ from, to }: Stretch, held: Held): Stretch {
  const first = Math.max(held.oldest, from - STEP);
  const last = Math.min(to, held.newest);
  return { from: first, to: last - first >= MOST ? open(first + MOST - 1, held) : to };
}

/** One step forward; what is far above goes. */
export function withNewer({ from, to }: Stretch, held: Held): Stretch {
  const next = open(Math.min(to, held.newest) + STEP, held);
  const last = Math.min(next, held.newest);
  return { from: Math.max(from, last - MOST + 1), to: next };
}

/** Much that arrived at once is not followed: the reader stays where they are, and the rest comes in steps. */
export function bounded({ from, to }: Stretch, held: Held): Stretch {
  const grown = to === END && held.newest - from >= MOST + STEP;
  return grown ? { from, to: from + MOST - 1 } : { from, to };
}

export const holds = ({ from, to }: Stretch, seq: number): boolean => seq >= from && seq <= to;
