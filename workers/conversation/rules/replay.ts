import { TUNING } from "../settings.ts";

export type Replay =
  /** the cursor is older than the tail, or further behind than one socket should carry at once */
  | { readonly kind: "behind" }
  | { readonly kind: "items"; readonly from: number; readonly to: number };

/** What follows a hello. `pruned` is the newest seq that is no longer in the object. */
export function planReplay(cursor: number, pruned: number, lastSeq: number): Replay {
  if (cursor < pruned || lastSeq - cursor > TUNING.replayItems) return { kind: "behind" };
  return { kind: "items", from: cursor + 1, to: lastSeq };
}
