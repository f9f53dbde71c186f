import type { Block } from "./blocks.ts";
import { driftOf, rowOf, toBottom } from "./keep-place.ts";

/** Where the log should stand while its rows are still being measured. */
export type Goal =
  | { readonly kind: "bottom" }
  | {
      readonly kind: "row";
      readonly id: string;
      /** pixels below the upper edge, or a rule that needs the height of log and row */
      readonly top: number | "centre" | "quarter";
    };

/** What a virtual list says about rows that are not in the document. */
export interface RowOffsets {
  getItemOffset(index: number): number;
}

const EDGE = 16;

function wantedTop(log: HTMLElement, goal: Extract<Goal, { kind: "row" }>): number {
  if (typeof goal.top === "number") return goal.top;
  if (goal.top === "quarter") return log.clientHeight / 4;
  const height = rowOf(log, goal.id)?.offsetHeight ?? 0;
  return Math.max(EDGE, (log.clientHeight - height) / 2);
}

/** Pixels between the goal and where the log stands; null when the row is not in the document. */
export function distanceTo(log: HTMLElement, goal: Extract<Goal, { kind: "row" }>): number | null {
  return driftOf(log, { id: goal.id, top: wantedTop(log, goal) });
}

/** Scrolls to the goal, by what is known of the rows on the way. Repeated while they are measured. */
export function approach(
  log: HTMLElement,
  goal: Goal,
  blocks: readonly Block[],
  rows: RowOffsets | null,
): void {
  if (goal.kind === "bottom") {
    toBottom(log);
    return;
  }
  const drift = distanceTo(log, goal);
  if (drift !== null) {
    if (Math.abs(drift) >= 0.5) log.scrollTop += drift;
    return;
  }
  const index = blocks.findIndex(({ id }) => id === goal.id);
  const list = log.querySelector<HTMLElement>(".log-rows");
  if (index < 0 || !rows || !list) return;
  log.scrollTop = list.offsetTop + rows.getItemOffset(index) - wantedTop(log, goal);
}
