/** A6: what becomes of a message on its way while its file goes up. Each is one transaction. */
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { SealedFile } from "../../../core/files/seal.ts";
import { CONVERSATION_STORES, openKeptIn } from "../conversation/keep.ts";
import { entriesLeft, entryQueued } from "../conversation/sending-transitions.ts";
import { type OutboxRecord, outboxRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

type State = OutboxRecord["state"]["state"];

/** Changes the entry of this id, if it is still as it was seen; false: it is gone, or another tab was quicker. */
const change = (
  store: Store,
  id: ConversationId,
  messageId: Uint8Array,
  from: State,
  to: (entry: OutboxRecord) => OutboxRecord,
  isLast: boolean,
): Promise<boolean> =>
  store.write([...CONVERSATION_STORES, "outbox"], async (writer) => {
    const open = await openKeptIn(writer, id);
    for (const order of open?.kept.outbox ?? []) {
      const entry = await writer.get("outbox", [id, order], outboxRecord);
      if (!open || !entry || !equalBytes(entry.messageId, messageId)) continue;
      if (entry.state.state !== from) return false;
      if (!isLast) {
        await writer.put("outbox", [id, order], outboxRecord, to(entry));
        return true;
      }
      const next = (await writer.last("outbox", id)) + 1;
      await writer.delete("outbox", [id, order]);
      await writer.put("outbox", [id, next], outboxRecord, to(entry));
      await open.save(entryQueued(entriesLeft(open.kept, [order]), next));
      return true;
    }
    return false;
  });

/** Its file is at the server: it takes its place behind what was written by now. */
export const uploadEnded = (
  store: Store,
  id: ConversationId,
  messageId: Uint8Array,
): Promise<boolean> =>
  change(
    store,
    id,
    messageId,
    "uploading",
    (entry) => ({ ...entry, state: { state: "queued" } }),
    true,
  );

/** It is kept, and the person is told why it does not go up. */
export const uploadFailed = (
  store: Store,
  id: ConversationId,
  messageId: Uint8Array,
  problem: string,
): Promise<boolean> =>
  change(
    store,
    id,
    messageId,
    "uploading",
    (entry) => ({ ...entry, state: { state: "failed", problem } }),
    false,
  );

/** The server lets go of what is not named in time: its copy was sealed anew, and goes up as another blob. */
export const uploadAnew = (
  store: Store,
  id: ConversationId,
  messageId: Uint8Array,
  from: State,
  { key, trailer }: SealedFile,
  blob: Uint8Array,
): Promise<boolean> =>
  change(
    store,
    id,
    messageId,
    from,
    (entry) =>
      entry.body.kind === "file"
        ? { ...entry, body: { ...entry.body, blob, key, trailer }, state: { state: "uploading" } }
        : entry,
    false,
  );
