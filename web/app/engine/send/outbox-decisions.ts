import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type Content, blobsOf } from "../../../core/messages/content.ts";
import type { Random } from "../../../core/crypto/primitives.ts";
import { type Assigned, assignMessage, newMessageId } from "../../../core/messages/payload.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { isVouchedRow } from "../log/occupied.ts";
import type { ChainEndsRecord, MessageRecord, MessageRow, OutboxRecord } from "../store/records.ts";

/** One message on its way, and its key in the outbox: what was written later has a higher one. */
export interface OrderedEntry {
  readonly order: number;
  readonly entry: OutboxRecord;
}

/** An entry that may be transmitted: its payload is fixed. */
export interface Ready {
  readonly order: number;
  readonly message: Assigned;
  /** M1: named in its header */
  readonly blobs: readonly Uint8Array[];
}

/** The newest message of this device that has a number (M6). */
type Tip = ChainEndsRecord["own"];

/** A6: a message with a file is queued when that is at the server. */
const stateOfNew = (body: Content): OutboxRecord["state"] => ({
  state: body.kind === "file" ? "uploading" : "queued",
});

export function newEntry(random: Random, now: number, body: Content): OutboxRecord {
  const messageId = newMessageId(random, now);
  return { messageId, createdAt: now, body, state: stateOfNew(body) };
}

interface Assignment {
  readonly ready: readonly Ready[];
  /** those that have their number from here on */
  readonly assigned: readonly OrderedEntry[];
  readonly tip: Tip;
}

/** A4: the next entries in order, at most so many, each with its number, payload and digest. */
export function assignNext(
  random: Random,
  where: { readonly conversation: Uint8Array; readonly device: Uint8Array },
  before: Tip,
  queue: readonly OrderedEntry[],
  most: number,
  now: number,
): Assignment {
  let tip = before;
  const ready: Ready[] = [];
  const assigned: OrderedEntry[] = [];
  for (const { order, entry } of queue) {
    const { messageId, body, state } = entry;
    if (ready.length >= most) break;
    if (state.state === "failed" || state.state === "uploading") continue;
    // What is written after it waits: it may have to be sent first.
    if (state.state === "unanswered") break;
    if (state.state === "assigned") {
      const { deviceSeq, payload, digest } = state;
      const message = { messageId, deviceSeq, payload, digest };
      ready.push({ order, message, blobs: blobsOf(body) });
      continue;
    }
    const prev = tip.digest ? { deviceSeq: tip.deviceSeq, digest: tip.digest } : null;
    // T1: when its payload is fixed, and never before this device's message before it.
    const sentAt = Math.max(now, tip.sentAt ?? 0);
    const message = assignMessage(random, where, prev, messageId, sentAt, body);
    const { deviceSeq, payload, digest } = message;
    const fixed = {
      state: "assigned" as const,
      deviceSeq,
      payload,
      digest,
      prev: tip.digest,
      sentAt,
    };
    assigned.push({ order, entry: { ...entry, state: fixed } });
    ready.push({ order, message, blobs: blobsOf(body) });
    tip = { deviceSeq, digest, sentAt };
  }
  return { ready, assigned, tip };
}

/** The row of the log that the server made of it; null: it was settled or freed meanwhile. */
export function takenRow(
  entry: OutboxRecord | null,
  at: number,
  own: { readonly account: Uint8Array; readonly device: Uint8Array },
): MessageRow | null {
  if (entry?.state.state !== "assigned") return null;
  const { deviceSeq, digest, prev } = entry.state;
  const { messageId, body } = entry;
  const sentAt = entry.state.sentAt ?? entry.createdAt;
  const { account, device } = own;
  const made = { account, device, deviceSeq, messageId, digest, prev };
  return { type: "message", at, ...made, sentAt, body, missingBefore: false };
}

/** An acknowledgement and what this device holds of the place that it names. */
interface Acknowledged {
  readonly seq: number;
  readonly row: MessageRow;
  readonly stored: MessageRecord | null;
  /** M5: whether a deletion names what stands there */
  readonly isDeleted: boolean;
}

/**
 * M6: whether the server may have taken this message at this place. `known`: the log has it there; `later`: the log is
 * not all here, which may explain an empty place; `fork`: another thing stands there, nothing does where all that the
 * server has is here, or places do not rise with numbers.
 */
export function judgeTaken(
  kept: Pick<KeptConversation, "acknowledged" | "cursor" | "oldest" | "lastSeq">,
  { seq, row, stored, isDeleted }: Acknowledged,
): "put" | "known" | "later" | "fork" {
  const { acknowledged } = kept;
  if (row.deviceSeq > acknowledged.deviceSeq !== seq > acknowledged.seq) return "fork";
  if (stored && isVouchedRow(stored)) {
    return stored.type === "message" && equalBytes(stored.digest, row.digest) ? "known" : "fork";
  }
  if (stored || isDeleted || seq > kept.cursor || seq < kept.oldest) return "put";
  return kept.cursor < kept.lastSeq ? "later" : "fork";
}

/** M6: the server refused this one for good: it has failed, and the later ones take their numbers anew. */
export function refusedFor(
  problem: string,
  order: number,
  before: Tip,
  queue: readonly OrderedEntry[],
): { readonly changed: readonly OrderedEntry[]; readonly tip: Tip } {
  let tip = before;
  const changed: OrderedEntry[] = [];
  for (const { order: later, entry } of queue) {
    if (later < order || entry.state.state !== "assigned") continue;
    const { deviceSeq, prev } = entry.state;
    if (later === order) tip = { ...before, deviceSeq: deviceSeq - 1, digest: prev };
    // The server takes only the next deviceSeq, so none of the later ones can have been taken.
    const state =
      later === order ? { state: "failed" as const, problem } : { state: "queued" as const };
    changed.push({ order: later, entry: { ...entry, state } });
  }
  return { changed, tip };
}

/** Settled meanwhile, or refused and freed: then the number that is taken was not this message's any more. */
export const isNumbered = (entry: OutboxRecord | null): boolean =>
  entry?.state.state === "assigned";

const find = (queue: readonly OrderedEntry[], messageId: Uint8Array): OrderedEntry | undefined =>
  queue.find(({ entry }) => equalBytes(entry.messageId, messageId));

/** What failed and is to be sent again, as it stands then; null: nothing of this id has failed. */
export function againOf(
  queue: readonly OrderedEntry[],
  messageId: Uint8Array,
): OrderedEntry | null {
  const found = find(queue, messageId);
  if (found?.entry.state.state !== "failed") return null;
  // What its file has at the server is asked for anew: it may have gone meanwhile.
  return { order: found.order, entry: { ...found.entry, state: stateOfNew(found.entry.body) } };
}

/** The key of what may be discarded; null: it is not there, or it may be on its way and cannot be taken back. */
export function discardable(queue: readonly OrderedEntry[], messageId: Uint8Array): number | null {
  const found = find(queue, messageId);
  switch (found?.entry.state.state) {
    case undefined:
    case "assigned":
    case "unanswered":
      return null;
    case "queued":
    case "uploading":
    case "failed":
      return found?.order ?? null;
  }
}
