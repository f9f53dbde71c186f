import { CoreError } from "../errors.ts";

/**
 * Places of a log that may follow each other without one that is shown: what was deleted, what retention took, and what
 * a tail leaves out (K13). A decade of three hundred messages a day.
 */
export const EMPTY_PLACES = 1_000_000;

/**
 * M6: work is bounded by what is stored, never by how far a seq jumps. Throws CoreError `unbounded` where these places,
 * in rising order, leave more between them than any log does.
 */
export function checkPlaces(places: readonly number[]): void {
  for (const [i, seq] of places.entries()) {
    const before = places[i - 1];
    if (before === undefined) continue;
    if (seq < before) throw new CoreError("unbounded", `place ${seq} after ${before}`);
    if (seq - before > EMPTY_PLACES + 1) {
      throw new CoreError("unbounded", `nothing between ${before} and ${seq}`);
    }
  }
}
