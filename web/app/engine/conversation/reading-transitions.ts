import type { ConversationState } from "../../../../workers/protocol/frames.ts";
import { type AccountId, accountIdText } from "../../../../workers/protocol/ids.ts";
import { EMPTY_PLACES } from "../../../core/sync/places.ts";
import type { ReadPosition } from "../../../core/receipts/position.ts";
import type { ReadingRecord } from "../store/records.ts";
import type { KeptConversation } from "./kept.ts";

/** Accounts of the newest roster, by base64url accountId. */
export type Members = ReadonlySet<AccountId>;

/**
 * So far beyond what is stored here a place that the server names counts. Places only ever rise, so that one without
 * bound would be believed for ever.
 */
const FAR = 2 * EMPTY_PLACES;

/** A place that the server named, where the log is stored up to `cursor`. */
export const placeWithin = (named: number, cursor: number): number => Math.min(named, cursor + FAR);

/**
 * E1: the server told of its newest place, and what members confirmed; both only ever rise. What it says of accounts
 * outside of the roster is nobody's, and would grow without bound.
 */
export function serverStateHeard(
  kept: KeptConversation,
  state: Pick<ConversationState, "lastSeq" | "received">,
  members: Members,
): KeptConversation {
  const lastSeq = Math.max(kept.lastSeq, placeWithin(state.lastSeq, kept.cursor));
  const higher = state.received.flatMap(({ account, seq }) => {
    const id = accountIdText(account);
    if (!members.has(id)) return [];
    return seq > (kept.received[id] ?? -1) ? [[id, seq] as const] : [];
  });
  if (higher.length === 0) return { ...kept, lastSeq };
  const received = { ...kept.received };
  for (const [id, seq] of higher) received[id] = Math.max(received[id] ?? 0, seq);
  return { ...kept, received, lastSeq };
}

/** The person saw everything up to here, on whichever device; null: that was known. */
export const readUpTo = (
  kept: KeptConversation,
  readSeq: number,
  unread: number,
): KeptConversation | null => (readSeq <= kept.readSeq ? null : { ...kept, readSeq, unread });

/** M10: there is something to tell of reading; null: that was known or told. */
export function receiptDue(
  kept: KeptConversation,
  seq: number,
  at: number,
): KeptConversation | null {
  const { due, told } = kept.receipt;
  if (due && due.seq >= seq) return null;
  if (told && told.seq >= seq && told.except.length === 0) return null;
  return { ...kept, receipt: { ...kept.receipt, due: { seq, at } } };
}

/** M10: what stood unread where the reader has been is readable now. */
export function readingOpened(kept: KeptConversation, at: number): KeptConversation {
  const { receipt, readSeq } = kept;
  if (readSeq === 0 || receipt.due) return kept;
  return { ...kept, receipt: { ...receipt, due: { seq: readSeq, at } } };
}

/** M10: nothing up to here is to be told any more; null: something later is. */
export function receiptSettled(kept: KeptConversation, upTo: number): KeptConversation | null {
  const { due } = kept.receipt;
  if (!due || due.seq > upTo) return null;
  return { ...kept, receipt: { ...kept.receipt, due: null } };
}

/** M10: the server holds a receipt of this account; null: a newer one was seen. */
export function receiptConfirmed(
  kept: KeptConversation,
  counter: number,
  told: NonNullable<ReadingRecord["receipt"]["told"]>,
): KeptConversation | null {
  if (counter <= kept.receipt.counter) return null;
  const last = kept.receipt.told;
  const newest = last && last.seq > told.seq ? last : told;
  return { ...kept, receipt: { ...kept.receipt, counter, told: newest } };
}

/** M10: a member told where they are with reading. `account`: base64url accountId */
export const memberRead = (
  kept: KeptConversation,
  account: AccountId,
  position: ReadPosition,
): KeptConversation => ({ ...kept, reading: { ...kept.reading, [account]: position } });

/** E1: these were here at this moment, by base64url accountId; those outside of the roster are nobody's. */
export function membersSeen(
  kept: KeptConversation,
  accounts: readonly AccountId[],
  at: number,
  members: Members,
): KeptConversation {
  const seen = { ...kept.seen };
  for (const account of accounts.filter((one) => members.has(one)))
    seen[account] = Math.max(seen[account] ?? 0, at);
  return { ...kept, seen };
}
