/** `Date` has whole seconds, and an answer may have been long on its way. */
const TOLERANCE_MS = 60_000;
/** So far a wrong clock is corrected, and so far a server that lies can set one back. */
const MOST_MS = 48 * 3_600_000;

/** How this device's clock stands to the server's. */
export interface ClockState {
  /** milliseconds by which it is set back */
  readonly aheadBy: number;
  /** it is ahead by more than is corrected: a person has to set it */
  readonly isBeyond: boolean;
}

export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  state(): ClockState;
  /** The `date` of an answer of the server, if it had one. */
  heard(date: string | null): void;
}

/**
 * T1: the device's clock, set back to the server's where it runs ahead, by 48 hours at most: what is signed in the
 * future is refused, and a person can do nothing about that. It is never set forward, or a server that lies could have
 * something signed for a time that has not come. `changed` hears when the correction does, by more than jitter.
 */
export function createClock(
  local: () => number,
  changed: (state: ClockState) => void = () => undefined,
): Clock {
  let state: ClockState = { aheadBy: 0, isBeyond: false };
  let told = state;
  return {
    // Nothing that is stored or signed has a time before 1970.
    now: () => Math.max(0, Math.floor(local() - state.aheadBy)),
    state: () => state,
    heard(date) {
      // Without a time the difference is no number, and the device's own clock counts.
      const by = local() - Date.parse(date ?? "");
      state = { aheadBy: by > TOLERANCE_MS ? Math.min(by, MOST_MS) : 0, isBeyond: by > MOST_MS };
      const moved = Math.abs(state.aheadBy - told.aheadBy) > TOLERANCE_MS;
      if (!moved && state.isBeyond === told.isBeyond) return;
      told = state;
      changed(state);
    },
  };
}
