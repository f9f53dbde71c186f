import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Deps } from "../store/deps.ts";
import { changeKept } from "../conversation/keep.ts";
import { type RemovalDue, removalAnswered } from "../conversation/sending-transitions.ts";
import { conversationRecord } from "../store/records.ts";
import { waitMs } from "../wire/backoff.ts";

const TRIES = 4;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Whether the server has answered for good: it is done, or never will be. Throws what may pass. */
async function ask(deps: Deps, id: ConversationId, due: RemovalDue): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.api.call("deletions", { params: { conversation: id }, body: due });
      return;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // Not there, not ours, too old: asking again changes nothing.
      if (ERRORS[error.code].remedy === "give-up") return;
      const { retryAfterMs } = error;
      if (retryAfterMs === undefined || attempt === TRIES) throw error;
      await pause(waitMs(retryAfterMs, 0));
    }
  }
}

/**
 * M5: asks the server to remove what deletions of this device name, and forgets a request only when it is answered
 * for good; after a crash or without network it is made again. Throws what the network throws.
 */
export async function eraseDeleted(deps: Deps, id: ConversationId): Promise<void> {
  const record = await deps.store.read("conversations", id, conversationRecord);
  for (const due of record?.deletionsDue ?? []) {
    await ask(deps, id, due);
    await changeKept(deps.store, id, (kept) => removalAnswered(kept, due));
  }
}
