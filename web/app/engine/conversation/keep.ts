import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type * as z from "zod/mini";
import { chainEndsRecord, conversationRecord, readingRecord } from "../store/records.ts";
import { storableBytes } from "../store/codec.ts";
import type { StoreReader, Store, Writer } from "../store/store.ts";
import type { KeptConversation } from "./kept.ts";

/**
 * The only file that writes what is kept of conversations (`record-owner.test.ts` looks): what a transition made of
 * what is stored, and of the three records those that it changed. That somebody was seen here rewrites no chain.
 */
export const CONVERSATION_STORES = ["conversations", "chainEnds", "reading"] as const;

type KeptStore = (typeof CONVERSATION_STORES)[number];

const SCHEMAS: Readonly<Record<KeptStore, z.ZodMiniObject>> = {
  conversations: conversationRecord,
  chainEnds: chainEndsRecord,
  reading: readingRecord,
};

interface Stored {
  readonly kept: KeptConversation;
  /** The others were stored within the record, before they were records of their own. */
  readonly stores: ReadonlySet<KeptStore>;
}

async function stored(reader: StoreReader, id: ConversationId): Promise<Stored | null> {
  const record = await reader.get("conversations", id, conversationRecord);
  if (!record) return null;
  const ends = await reader.get("chainEnds", id, chainEndsRecord);
  const reading = await reader.get("reading", id, readingRecord);
  const kept = {
    ...record,
    ...(ends ??
      (await reader.get("conversations", id, chainEndsRecord)) ??
      chainEndsRecord.parse({})),
    ...(reading ??
      (await reader.get("conversations", id, readingRecord)) ??
      readingRecord.parse({})),
  };
  const stores = new Set<KeptStore>(["conversations"]);
  if (ends) stores.add("chainEnds");
  if (reading) stores.add("reading");
  return { kept, stores };
}

const fieldsOf = (store: KeptStore, kept: KeptConversation): Map<string, unknown> => {
  const values = new Map<string, unknown>(Object.entries(kept));
  return new Map(Object.keys(SCHEMAS[store].shape).map((name) => [name, values.get(name)]));
};

/** E1: throws CoreError `unstorable` where one of its records could not be written. */
export function checkStorable(kept: KeptConversation): void {
  for (const store of CONVERSATION_STORES) {
    storableBytes(SCHEMAS[store], Object.fromEntries(fieldsOf(store, kept)));
  }
}

async function write(
  writer: Writer,
  id: ConversationId,
  before: Stored | null,
  after: KeptConversation,
): Promise<void> {
  for (const store of CONVERSATION_STORES) {
    const fields = fieldsOf(store, after);
    const was = before?.stores.has(store) ? fieldsOf(store, before.kept) : null;
    // Transitions leave what they do not change as it was.
    const isSame = was && [...fields].every(([name, value]) => was.get(name) === value);
    if (!isSame) await writer.put(store, id, SCHEMAS[store], Object.fromEntries(fields));
  }
}

/** What is kept of it, as of one moment; null: nothing is. */
export const keptOf = (store: Store, id: ConversationId): Promise<KeptConversation | null> =>
  store.look(CONVERSATION_STORES, async (reader) => (await stored(reader, id))?.kept ?? null);

/** What is kept of a conversation, and the way to write what became of it in the same transaction. */
export interface OpenKept {
  readonly kept: KeptConversation;
  /** At most once in a transaction. */
  save(next: KeptConversation): Promise<void>;
}

/** For a transaction over {@link CONVERSATION_STORES} and more; null: nothing is kept of it. */
export async function openKeptIn(writer: Writer, id: ConversationId): Promise<OpenKept | null> {
  const found = await stored(writer, id);
  return found && { kept: found.kept, save: (next) => write(writer, id, found, next) };
}

/** Begins to keep a conversation, whatever was kept of it before. */
export const beginKeptIn = (
  writer: Writer,
  id: ConversationId,
  kept: KeptConversation,
): Promise<void> => write(writer, id, null, kept);

/** What an event makes of what is kept; null: it changes nothing. */
export type Transition = (kept: KeptConversation) => KeptConversation | null;

/** False: it is not kept, or the transition changes nothing. */
export async function changeKeptIn(
  writer: Writer,
  id: ConversationId,
  to: Transition,
): Promise<boolean> {
  const open = await openKeptIn(writer, id);
  const next = open && to(open.kept);
  if (!next) return false;
  await open.save(next);
  return true;
}

/** One transition in a transaction of its own. */
export const changeKept = (store: Store, id: ConversationId, to: Transition): Promise<boolean> =>
  store.write(CONVERSATION_STORES, (writer) => changeKeptIn(writer, id, to));
