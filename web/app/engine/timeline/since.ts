import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { decodeLogItem } from "../../../../workers/protocol/frames.ts";
import type { Deps } from "../store/deps.ts";
import { messageRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Extent, Stretch } from "./stretch.ts";

/** The first stored place at or after this time, else the last; by halving, for times never fall along the log. */
async function firstSince(
  store: Store,
  id: ConversationId,
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

/**
 * The first place at or after this time, by the server where that is older than what is stored. Throws what the
 * network throws.
 */
export async function placeSince(
  { store, api }: Pick<Deps, "store" | "api">,
  id: ConversationId,
  { oldest, newest }: Extent,
  time: number,
): Promise<number> {
  const found = await firstSince(store, id, { from: oldest, to: newest }, time);
  if (found > oldest || oldest <= 1) return found;
  const { items } = await api.call("log", {
    params: { conversation: id },
    query: { at: time, limit: 1 },
  });
  const [first] = items.map((text) => decodeLogItem(fromBase64url(text)));
  return first ? Math.min(first.seq, found) : found;
}
