const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Wait before attempt `failures` + 1, in milliseconds: exponential, capped, with full jitter so that clients
 * that lost one server do not return in step. `random` is in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(ceiling / 4 + random * (ceiling * 0.75));
}

/** A server may ask for patience, not for silence: what it refuses is asked again after a minute at most. */
const MOST_PATIENCE_MS = 60_000;

/** How long to wait after a refusal that named a time, or none. */
export const waitMs = (told: number | undefined, otherwise: number): number =>
  Math.min(told ?? otherwise, MOST_PATIENCE_MS);
