/** What a request may find out of reach. */
export type Neighbour = "D1" | "R2" | "object";

/** What is logged of an outage: once when it begins, once when it is seen to have ended. */
export type OutageLine =
  | { readonly outage: "begins"; readonly neighbour: Neighbour; readonly where: string }
  | {
      readonly outage: "ended";
      readonly neighbour: Neighbour;
      readonly lastedMs: number;
      readonly failures: number;
    };

interface Outage {
  readonly since: number;
  lastAt: number;
  failures: number;
}

/** A failure so long after the one before it is another outage: not everywhere is a success noticed. */
const QUIET_MS = 60_000;

/**
 * Outages of this isolate's neighbours. While one lasts every request fails, and a line for each would hide all
 * others and cost more than it says.
 */
export class Outages {
  readonly #log: (line: OutageLine) => void;
  readonly #open = new Map<Neighbour, Outage>();

  constructor(log: (line: OutageLine) => void) {
    this.#log = log;
  }

  failed(neighbour: Neighbour, where: string, now: number): void {
    const before = this.#open.get(neighbour);
    if (before && now - before.lastAt < QUIET_MS) {
      before.lastAt = now;
      before.failures += 1;
      return;
    }
    if (before) this.#end(neighbour, before, before.lastAt);
    this.#open.set(neighbour, { since: now, lastAt: now, failures: 1 });
    this.#log({ outage: "begins", neighbour, where });
  }

  answered(neighbour: Neighbour, now: number): void {
    const open = this.#open.get(neighbour);
    if (open) this.#end(neighbour, open, now);
  }

  #end(neighbour: Neighbour, { since, failures }: Outage, at: number): void {
    this.#open.delete(neighbour);
    this.#log({ outage: "ended", neighbour, lastedMs: at - since, failures });
  }
}
