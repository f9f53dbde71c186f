import * as z from "zod/mini";
import { time, unsigned } from "../protocol/fields.ts";
import { log } from "./log.ts";

export const outage = z.object({
  /** what is out of reach */
  neighbour: z.string(),
  since: time,
  failures: unsigned,
  /** not asked again before */
  retryAt: time,
});
/** A neighbour that failed and was not reached since. Kept in storage: instances come and go between two attempts. */
export type Outage = z.infer<typeof outage>;

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Exponential wait after this many failures, between half and all of it, so that not all come back at once. */
export function backoffMs(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.round(whole * (0.5 + random / 2));
}

export function withFailure(
  before: readonly Outage[],
  neighbour: string,
  now: number,
  random: number,
): Outage[] {
  const known = before.find((one) => one.neighbour === neighbour);
  const failures = (known?.failures ?? 0) + 1;
  const next = { since: known?.since ?? now, failures, retryAt: now + backoffMs(failures, random) };
  return [...before.filter((one) => one !== known), { neighbour, ...next }];
}

const SQLITE_CODE = /SQLITE_[A-Z_]+/;

/** Class, SQLite's code and places in the code: a message may quote what it is about. */
function described(error: unknown): { name: string; cause: string | null; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, cause: null, frames: [] };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  let cause: string | null = null;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    cause ??= SQLITE_CODE.exec(at.message)?.[0] ?? null;
  }
  return { name: error.name, cause, frames: frames.slice(0, 4).map((line) => line.trim()) };
}

/** The neighbours of an object, each with a back-off of its own; one line in the log when one fails, one when it is back. */
export class Outages {
  readonly #object: string;
  #now: readonly Outage[];

  constructor(object: string, stored: readonly Outage[]) {
    this.#object = object;
    this.#now = stored;
  }

  get all(): readonly Outage[] {
    return this.#now;
  }

  /** since when the first of them has failed */
  get since(): number | null {
    return this.#now.length === 0 ? null : Math.min(...this.#now.map(({ since }) => since));
  }

  /** 0: may be asked */
  retryAt(neighbour: string): number {
    return this.#now.find((one) => one.neighbour === neighbour)?.retryAt ?? 0;
  }

  failed(neighbour: string, task: string, error: unknown, now: number, random: number): void {
    const isNew = this.retryAt(neighbour) === 0;
    this.#now = withFailure(this.#now, neighbour, now, random);
    const object = this.#object;
    if (isNew) log({ event: "outage-began", object, neighbour, task, ...described(error) });
  }

  reached(neighbour: string, now: number): void {
    const ended = this.#now.find((one) => one.neighbour === neighbour);
    if (!ended) return;
    this.#now = this.#now.filter((one) => one !== ended);
    const { since, failures: attempts } = ended;
    const object = this.#object;
    log({ event: "outage-ended", object, neighbour, afterMs: now - since, attempts });
  }

  /** Those of other neighbours have ended: nobody wants anything of them. */
  only(neighbours: readonly string[], now: number): void {
    for (const { neighbour } of this.#now) {
      if (!neighbours.includes(neighbour)) this.reached(neighbour, now);
    }
  }

  /** All of them may be asked now. */
  hurry(): void {
    this.#now = this.#now.map((one) => ({ ...one, retryAt: 1 }));
  }
}
