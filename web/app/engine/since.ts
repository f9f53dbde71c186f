import { messageRecord } from "./records.ts";
import type { Store } from "./store.ts";
import type { Stretch } from "./stretch.ts";

/** The first stored place at or after this time, else the last; by halving, for times never fall along the log. */
export async function firstSince(
  store: Store,
  id: string,
  { from, to }: Stretch,
  time: number,
): Promise<number> {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // A place may be empty: a repeated message has one at the server and none here.
    const span = { id, from: middle, to: high };
    const [entry] = await store.readAll("messages", messageRecord, span, 1);
    const seq = entry && typeof entry.key !== "string" ? entry.key[1] : null;
    if (entry && seq !== null && entry.value.at < time) low = Math.min(high, seq + 1);
    else high = middle;
  }
  return low;
}
