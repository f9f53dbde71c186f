/**
 * Runs in Chromium on the app's origin while the app is closed: writes what 500 patients and 10,000 messages would
 * have left in the device's sealed store, through the app's own store and schemas.
 */
import {
  type ConversationId,
  conversationIdText,
  parseConversationId,
} from "../../../workers/protocol/ids.ts";
import {
  CONVERSATION_STORES,
  beginKeptIn,
  changeKept,
  keptOf,
} from "../../../web/app/engine/conversation/keep.ts";
import { createStore, type Store } from "../../../web/app/engine/store/store.ts";
import { IDENTITY_KEY } from "../../../web/app/engine/account/identity.ts";
import {
  type ConversationRecord,
  type MessageRecord,
  bundleRecord,
  conversationRecord,
  identityRecord,
  messageRecord,
} from "../../../web/app/engine/store/records.ts";
import { openDatabase } from "../../../web/platform/database.ts";
import { loadLocalKey } from "../../../web/platform/local-key.ts";

const MINUTE = 60_000;
/** Places written in one transaction. */
const SLICE = 500;

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

export interface Filling {
  /** in the list, the real one included */
  readonly conversations: number;
  /** in the one conversation that really exists */
  readonly messages: number;
  readonly titles: readonly string[];
  readonly texts: readonly string[];
}

/** What the list and the history then say: the same texts go to the bare peers. */
export interface Filled {
  readonly title: string;
  readonly rows: readonly string[];
  readonly texts: readonly string[];
}

const pick = (from: readonly string[], i: number): string => from[i % from.length] ?? "";

/** Takes the one real conversation, continues its history and lays copies of it beside it. */
export async function fill(filling: Filling): Promise<Filled> {
  const db = await openDatabase(() => undefined);
  const store = createStore(db, await loadLocalKey(db), random);
  const [real] = await store.readAll("conversations", conversationRecord);
  if (!real || typeof real.key !== "string") throw new RangeError("no conversation to begin with");
  const id = parseConversationId(real.key);
  const texts = await continueHistory(store, id, real.value, filling);
  const rows = await addConversations(store, id, filling);
  db.close();
  return { title: real.value.title, rows, texts };
}

async function continueHistory(
  store: Store,
  id: ConversationId,
  record: ConversationRecord,
  { messages, texts }: Filling,
): Promise<readonly string[]> {
  const identity = await store.read("state", IDENTITY_KEY, identityRecord);
  if (!identity) throw new RangeError("nobody is signed in");
  const { account, device } = identity;
  const other = { account: random.bytes(32), device: random.bytes(32) };
  const start = Date.now() - messages * MINUTE;
  const said = Array.from({ length: messages }, (_, i) => `${pick(texts, i)} (${i + 1})`);
  const messageAt = (i: number): MessageRecord => ({
    type: "message",
    at: start + i * MINUTE,
    // Runs of three of one sender, as people write.
    ...(Math.floor(i / 3) % 2 === 0 ? { account, device } : other),
    deviceSeq: i + 1,
    messageId: random.bytes(16),
    digest: random.bytes(32),
    prev: null,
    missingBefore: false,
    body: { kind: "text", text: said[i] ?? "" },
  });
  for (let from = 0; from < messages; from += SLICE) {
    await store.write(["messages"], async (writer) => {
      const until = Math.min(messages, from + SLICE);
      for (let i = from; i < until; i += 1) {
        await writer.put("messages", [id, record.cursor + 1 + i], messageRecord, messageAt(i));
      }
    });
  }
  const end = record.cursor + messages;
  await changeKept(store, id, (kept) => ({
    ...kept,
    cursor: end,
    lastSeq: end,
    readSeq: end,
    unread: 0,
    lastAt: Date.now(),
    preview: { own: true, text: said.at(-1) ?? "", deleted: false, seq: end },
    waiting: false,
  }));
  return said;
}

/** Copies with other names and ids; their bundles come along, so that each row is read like a real one. */
async function addConversations(
  store: Store,
  id: ConversationId,
  { conversations, titles, texts }: Filling,
): Promise<readonly string[]> {
  const record = await keptOf(store, id);
  if (!record) throw new RangeError("no conversation");
  const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
  const bundles = await store.readAll("bundles", bundleRecord, span);
  const rows = [`${record.title} ${record.preview?.text ?? ""}`];
  await store.write([...CONVERSATION_STORES, "bundles"], async (writer) => {
    for (let i = 1; i < conversations; i += 1) {
      const copy = conversationIdText(random.bytes(32));
      const title = `${pick(titles, i)} ${i}`;
      const preview = { own: i % 3 === 0, text: pick(texts, i * 7), deleted: false, seq: 40 };
      rows.push(`${title} ${preview.text}`);
      const unread = i % 5 === 0 ? (i % 4) + 1 : 0;
      const waiting = unread > 0;
      const lastAt = record.lastAt - i * 37 * MINUTE;
      const flags = { ...record.flags, pinned: i % 100 === 0 };
      const other = { title, preview, unread, waiting, lastAt, flags, cursor: 40, lastSeq: 40 };
      await beginKeptIn(writer, copy, { ...record, ...other, readSeq: 40 - unread });
      for (const [n, { value }] of bundles.entries())
        await writer.put("bundles", [copy, n], bundleRecord, value);
    }
  });
  return rows;
}
