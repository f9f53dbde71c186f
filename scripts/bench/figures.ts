/** Decisions over measured figures: pure. */

/** The middle one; of an even number the lower of the two. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that this share of all values does not exceed. Throws RangeError for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}

/** How evenly frames came, in milliseconds between them. */
export interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly longest: number;
}

export const framesOf = (times: readonly number[]): Frames => ({
  p50: quantile(times, 0.5),
  p95: quantile(times, 0.95),
  longest: quantile(times, 1),
});

/** The middle of each figure over several rounds. */
export const middleOf = (rounds: readonly Frames[]): Frames => ({
  p50: median(rounds.map(({ p50 }) => p50)),
  p95: median(rounds.map(({ p95 }) => p95)),
  longest: median(rounds.map(({ longest }) => longest)),
});

/** A line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  /** null where nothing stands beside it: then it is printed and decides nothing */
  readonly gate: Gate | null;
}

/** Measured against a peer in the same run, on the same machine. */
export interface Gate {
  readonly peer: string;
  readonly ratio: number;
  readonly most: number;
}

export const isKept = ({ ratio, most }: Gate): boolean => ratio <= most;

/** The table as it is printed. */
export function tableOf(rows: readonly Row[]): string {
  const head = ["what", "measured", "goal", "peer in the same run", "ratio", "gate"];
  const lines = rows.map(({ what, measured, goal, gate }) => [
    what,
    measured,
    goal,
    gate?.peer ?? "",
    gate ? `${gate.ratio.toFixed(2)}x` : "",
    gate ? `<= ${gate.most}x ${isKept(gate) ? "kept" : "MISSED"}` : "",
  ]);
  const all = [head, head.map(() => "---"), ...lines];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
