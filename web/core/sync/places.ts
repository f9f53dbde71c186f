import { CoreError } from "../errors.ts";

/**
 * Places of a log that may follow each other with nothing in them. An epoch has at most 1,024 messages (C7), and
 * the bundle that ends it stays; the rest is room.
 */
export const EMPTY_PLACES = 16 * 1024;

/**
 * M6: work is bounded by what is stored, never by how far a seq jumps. Throws CoreError `unbounded` where these places,
 * in rising order, leave more between them than a log can have emptied.
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
