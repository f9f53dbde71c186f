import type { Block } from "../message/blocks.ts";
import { driftOf, rowOf, toBottom } from "./keep-place.ts";

/** Where the log should stand while its rows are still being measured. */
export type Goal =
  | { readonly kind: "bottom" }
  | {
      readonly kind: "row";
      readonly key: string;
      /** pixels below the upper edge, or a rule that needs the height of log and row */
      readonly top: number | "centre" | "quarter";
    };

/** What a virtual list says about rows that are not in the document. */
export interface RowOffsets {
  getItemOffset(index: number): number;
  /** where it believes the log to stand */
  readonly scrollOffset: number;
}

const EDGE = 16;

function wantedTop(log: HTMLElement, goal: Extract<Goal, { kind: "row" }>): number {
  if (typeof goal.top === "number") return goal.top;
  if (goal.top === "quarter") return log.clientHeight / 4;
  const height = rowOf(log, goal.key)?.offsetHeight ?? 0;
  return Math.max(EDGE, (log.clientHeight - height) / 2);
}

/**
 * Scrolls to the goal, by what is known of the rows on the way, and returns it as it is from now on: once the row
 * is in the document its distance from the edge is fixed. To be repeated while rows are measured.
 */
export function approach(
  log: HTMLElement,
  goal: Goal,
  blocks: readonly Block[],
  rows: RowOffsets | null,
): Goal {
  if (goal.kind === "bottom") {
    toBottom(log);
    return goal;
  }
  const top = wantedTop(log, goal);
  const drift = driftOf(log, { key: goal.key, top });
  if (drift !== null) {
    if (Math.abs(drift) >= 0.5) log.scrollTop += drift;
    return { ...goal, top };
  }
  const index = blocks.findIndex(({ key }) => key === goal.key);
  const list = log.querySelector<HTMLElement>(".log-rows");
  if (index < 0 || !rows || !list) return goal;
  log.scrollTop = list.offsetTop + rows.getItemOffset(index) - top;
  return goal;
}
