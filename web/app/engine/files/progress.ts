import type { Transfer } from "../../files-view.ts";

/** Often enough to be seen to move. */
const EVERY_MS = 200;
/** Before that a rate says nothing. */
const SETTLED_MS = 1_000;

/** Bytes of one transfer, told in pauses. */
export interface Progress {
  /** so many of all are there */
  at(done: number): void;
  /** it ended, in whichever way */
  over(): void;
}

/** How long the rest takes at the rate so far; null: it cannot be told yet. */
export function secondsLeft(
  begun: number,
  done: number,
  total: number,
  elapsed: number,
): number | null {
  const moved = done - begun;
  if (elapsed < SETTLED_MS || moved <= 0) return null;
  return Math.ceil(((total - done) * elapsed) / moved / 1_000);
}

export function createProgress(
  what: Pick<Transfer, "id" | "direction" | "total">,
  begun: number,
  now: () => number,
  tell: (transfer: Transfer, isOver: boolean) => void,
): Progress {
  const start = now();
  let told = Number.NEGATIVE_INFINITY;
  let last: Transfer = { ...what, done: begun, secondsLeft: null };
  return {
    at(done) {
      const time = now();
      const left = secondsLeft(begun, done, what.total, time - start);
      last = { ...what, done: Math.min(done, what.total), secondsLeft: left };
      if (time - told < EVERY_MS) return;
      told = time;
      tell(last, false);
    },
    over: () => tell(last, true),
  };
}
