import * as z from "zod/mini";
import { time } from "../../../../workers/protocol/fields.ts";
import {
  type ConversationId,
  conversationIdText,
  parseConversationId,
} from "../../../../workers/protocol/ids.ts";
import type { DraftRecord } from "../../../core/private-state/drafts.ts";
import type { Store, Writer } from "../store/store.ts";
import type { PrivateRecords } from "./private-records.ts";

/**
 * What this device has and the account's private state has not (K9); `known`: newest version that it builds on;
 * `sent`: the last that were on their way from here, noted before they left: whose answer never came, or came to an
 * engine that had ended, is no stranger's all the same.
 */
export const localDraft = z.object({
  text: z.string(),
  at: z._default(time, 0),
  known: z._default(time, 0),
  sent: z._default(z.array(time), []),
  /** whose composer it came from */
  by: z._default(z.string(), ""),
});
export type LocalDraft = z.infer<typeof localDraft>;

const PREFIX = "draft/";
export const draftKeyOf = (id: ConversationId): string => `${PREFIX}${id}`;
/** As many answers as may be lost in a row before a version of this device is taken for another's. */
const SENT = 8;

export const putDraft = (writer: Writer, id: ConversationId, draft: LocalDraft): Promise<void> =>
  writer.put("state", draftKeyOf(id), localDraft, draft);

export const localDraftOf = (store: Store, id: ConversationId): Promise<LocalDraft | null> =>
  store.read("state", draftKeyOf(id), localDraft);

export async function localDrafts(store: Store): Promise<Map<ConversationId, LocalDraft>> {
  const found = new Map<ConversationId, LocalDraft>();
  for (const { key, value } of await store.readAll("state", z.unknown())) {
    const parsed = localDraft.safeParse(value);
    if (typeof key === "string" && key.startsWith(PREFIX) && parsed.success) {
      found.set(parseConversationId(key.slice(PREFIX.length)), parsed.data);
    }
  }
  return found;
}

/** That the version of this time leaves now: before it does, for its answer may reach nobody. */
export const noteSent = (store: Store, id: ConversationId, at: number): Promise<void> =>
  store.write(["state"], async (writer) => {
    const now = await writer.get("state", draftKeyOf(id), localDraft);
    const sent = [...(now?.sent ?? []), at].slice(-SENT);
    if (now) await putDraft(writer, id, { ...now, sent });
  });

/** What the account keeps, as this device knows it. */
export function heldDrafts(
  privateRecords: Pick<PrivateRecords, "all">,
): Map<ConversationId, DraftRecord> {
  const held = new Map<ConversationId, DraftRecord>();
  for (const record of privateRecords.all()) {
    if (record.kind !== "draft") continue;
    const id = conversationIdText(record.conversation);
    // The first stands for an older one of the same conversation.
    if (!held.has(id)) held.set(id, record);
  }
  return held;
}
