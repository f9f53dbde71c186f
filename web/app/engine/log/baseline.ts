import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { Library } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { outboxRecord } from "../store/records.ts";
import type { Baseline } from "./judge-state.ts";

/** What this device holds of a conversation as it asks the server; null: nothing is kept of it. */
export async function baselineOf(
  { store }: Pick<Deps, "store">,
  library: Pick<Library, "kept" | "chain">,
  id: ConversationId,
): Promise<Baseline | null> {
  const record = await library.kept(id);
  if (!record) return null;
  const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
  const entries = await store.readAll("outbox", outboxRecord, span);
  const waiting = entries.filter(({ value }) => value.state.state === "assigned").length;
  return { record, chain: await library.chain(id), waiting };
}
