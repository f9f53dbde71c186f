import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import type { Outbox } from "./outbox.ts";

/** seq of the bundle by which this account came in; null if it is not in the chain. */
function entrySeq(chain: BundleChain, account: Uint8Array): number | null {
  const n = (chain.conversation?.bundles ?? []).findIndex(({ core }) =>
    core.roster.some((entry) => equalBytes(entry.account, account)),
  );
  return chain.seqs[n] ?? null;
}

/**
 * I8: says the person's name in a conversation where they have not yet. What is stored has to reach back to
 * where they came in: a new device that holds only the newest messages cannot know, and says nothing.
 */
export async function introduce(
  me: Identity,
  library: Library,
  outbox: Outbox,
  id: ConversationId,
): Promise<void> {
  const record = await library.record(id);
  if (!record || record.blocked || record.names[accountIdText(me.account)]) return;
  const entered = entrySeq(await library.chain(id), me.account);
  if (entered === null || record.oldest > entered) return;
  const waiting = await outbox.entries(id);
  if (waiting.some(({ entry }) => entry.body.kind === "profile")) return;
  await outbox.add(id, { kind: "profile", name: me.name });
}
