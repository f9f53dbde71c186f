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
