import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";
import { CoreError } from "../../../core/errors.ts";
import { newestBefore } from "../../../core/messages/open.ts";
import { type ReceiptResult, openReceipt } from "../../../core/receipts/open.ts";
import type { NamedMessage, StoredPlace } from "../../../core/receipts/position.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "../account/directory.ts";
import type { Library } from "../conversation/library.ts";
import { type MessageRecord, messageRecord } from "../store/records.ts";

/** What a receipt may say of one stored place; a kind that this version cannot show was not read either (E4). */
function placeOf(seq: number, row: MessageRecord, self: Uint8Array): StoredPlace {
  switch (row.type) {
    case "bundle":
      return { seq, is: "other" };
    case "quarantined":
      return { seq, is: "unverified" };
    case "message":
      if (equalBytes(row.account, self)) return { seq, is: "own" };
      return { seq, is: row.body.kind === "unknown" ? "unverified" : row.digest };
  }
}

/** Stored places from `from` to `to` and, before them, `also`: they may have become readable meanwhile. */
export async function placesBetween(
  { store }: Pick<Deps, "store">,
  self: Uint8Array,
  id: ConversationId,
  span: { readonly from: number; readonly to: number },
  also: readonly number[],
): Promise<StoredPlace[]> {
  const places: StoredPlace[] = [];
  for (const seq of also.filter((seq) => seq < span.from)) {
    const row = await store.read("messages", [id, seq], messageRecord);
    if (row) places.push(placeOf(seq, row, self));
  }
  for (const { key, value } of await store.readAll("messages", messageRecord, { id, ...span })) {
    if (typeof key !== "string") places.push(placeOf(key[1], value, self));
  }
  return places;
}

export interface Reading {
  readonly deps: Deps;
  readonly library: Library;
  readonly directory: Directory;
}

/** C8: the manifest that it needs; what the server will not show leaves it as it is. */
async function obtain(
  { directory }: Reading,
  id: ConversationId,
  account: Uint8Array,
): Promise<void> {
  try {
    await directory.fetch(account, id);
  } catch (error) {
    const isTheirs = error instanceof CoreError;
    const isFinal = error instanceof ProtocolError && ERRORS[error.code].remedy === "give-up";
    if (!isTheirs && !isFinal) throw error;
  }
}

/** M10: opens a receipt with what is stored here. Null before there is a conversation to judge it by. */
export async function understandReceipt(
  reading: Reading,
  id: ConversationId,
  bytes: Uint8Array,
): Promise<ReceiptResult | null> {
  const { deps, library, directory } = reading;
  const { conversation } = await library.chain(id);
  if (!conversation) return null;
  for (const { account } of conversation.bundles.at(-1)?.core.roster ?? []) {
    await directory.load(account);
  }
  const context = {
    verifier: deps.suite.ed25519.verifier,
    conversation,
    historyOf: (account: Uint8Array) => directory.historyOf(account),
  };
  const result = await openReceipt(context, bytes);
  if (result.ok || result.problem !== "manifest_needed" || !result.header) return result;
  await obtain(reading, id, result.header.account);
  return openReceipt(context, bytes);
}

/** M10: the message that stands where a receipt points to; "later": that place is not stored here yet. */
export async function namedMessage(
  { deps, library }: Reading,
  id: ConversationId,
  seq: number,
): Promise<NamedMessage | "later" | null> {
  const row = await deps.store.read("messages", [id, seq], messageRecord);
  if (row?.type === "message") {
    const { seqs } = await library.chain(id);
    return { digest: row.digest, epoch: newestBefore(seqs, seq) ?? 0 };
  }
  // A placeholder may open when more is known (M9).
  if (row) return row.type === "quarantined" && row.retry ? "later" : null;
  const record = await library.record(id);
  return record && (seq > record.cursor || seq < record.oldest) ? "later" : null;
}
