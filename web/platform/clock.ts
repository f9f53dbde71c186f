/** `Date` has whole seconds, and an answer may have been long on its way. */
const TOLERANCE_MS = 60_000;

export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** The `date` of an answer of the server, if it had one. */
  heard(date: string | null): void;
}

/**
 * T1: the device's clock, set back to the server's where it runs ahead: what is signed in the future is refused, and a
 * person can do nothing about that. It is never set forward, or a server that lies could have something signed for a
 * time that has not come.
 */
export function createClock(local: () => number): Clock {
  let ahead = 0;
  return {
    now: () => local() - ahead,
    heard(date) {
      // Without a time the difference is no number, and the device's own clock counts.
      const by = local() - Date.parse(date ?? "");
      ahead = by > TOLERANCE_MS ? by : 0;
    },
  };
}
