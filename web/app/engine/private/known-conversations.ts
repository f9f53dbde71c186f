import { type ConversationId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import type { Identity } from "../account/identity.ts";
import { changeKept } from "../conversation/keep.ts";
import type { Library } from "../conversation/library.ts";
import { recordHeard } from "../conversation/membership-transitions.ts";
import type { Deps } from "../store/deps.ts";
import type { PrivateRecords } from "./private-records.ts";

/** K9: conversations take over what private state says of them, in whichever order the two came. */
export async function adoptKnown(
  { store }: Pick<Deps, "store">,
  me: Pick<Identity, "account">,
  library: Pick<Library, "records">,
  privateRecords: Pick<PrivateRecords, "all">,
  changed: (id: ConversationId) => void,
): Promise<void> {
  const held = await library.records();
  for (const known of privateRecords.all()) {
    if (known.kind !== "conversation") continue;
    const id = conversationIdText(known.conversation);
    const record = held.get(id);
    if (!record || !recordHeard(record, known, me.account)) continue;
    await changeKept(store, id, (kept) => recordHeard(kept, known, me.account));
    changed(id);
  }
}
