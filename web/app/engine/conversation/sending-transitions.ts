import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { ChainEndsRecord, ConversationRecord, MessageRow } from "../store/records.ts";
import type { KeptConversation } from "./kept.ts";

/** A place that the server is still to be asked to empty (M5). */
export type RemovalDue = ConversationRecord["deletionsDue"][number];
/** An own edit of a deleted message that no deletion names (M5). */
export type EditLeft = ConversationRecord["editsLeft"][number];

/** A4: it stands at the end of the outbox, under this key. */
export const entryQueued = (kept: KeptConversation, order: number): KeptConversation => ({
  ...kept,
  outbox: [...kept.outbox, order],
});

/** They arrived, or are not to be sent any more. */
export const entriesLeft = (kept: KeptConversation, orders: readonly number[]): KeptConversation =>
  orders.length === 0
    ? kept
    : { ...kept, outbox: kept.outbox.filter((order) => !orders.includes(order)) };

/** M6: the newest message of this device that has a number; a refusal moves it back. */
export const ownTipMoved = (
  kept: KeptConversation,
  own: ChainEndsRecord["own"],
): KeptConversation => ({ ...kept, own });

/** M5: the server is to be asked to empty these places. */
export const removalsDue = (
  kept: KeptConversation,
  due: readonly RemovalDue[],
): KeptConversation => ({ ...kept, deletionsDue: [...kept.deletionsDue, ...due] });

/** M5: the server has answered this request for good. */
export const removalAnswered = (
  kept: KeptConversation,
  { seq, deletion }: RemovalDue,
): KeptConversation => ({
  ...kept,
  deletionsDue: kept.deletionsDue.filter((due) => due.seq !== seq || due.deletion !== deletion),
});

/** F1: what is kept of these files on this device is to go. */
export const copiesLeft = (
  kept: KeptConversation,
  blobs: readonly Uint8Array[],
): KeptConversation =>
  blobs.length === 0 ? kept : { ...kept, copiesGone: [...kept.copiesGone, ...blobs] };

/** F1: nothing is kept of them any more. */
export const copiesRemoved = (
  kept: KeptConversation,
  blobs: readonly Uint8Array[],
): KeptConversation => ({
  ...kept,
  copiesGone: kept.copiesGone.filter((gone) => !blobs.some((blob) => equalBytes(blob, gone))),
});

/** M5: own edits of a deleted message came to light. */
export const editsFound = (kept: KeptConversation, edits: readonly EditLeft[]): KeptConversation =>
  edits.length === 0 ? kept : { ...kept, editsLeft: [...kept.editsLeft, ...edits] };

/** M5: a deletion names these now, or none has to. */
export const editsNamed = (
  kept: KeptConversation,
  edits: readonly EditLeft[],
): KeptConversation => ({
  ...kept,
  editsLeft: kept.editsLeft.filter(
    ({ seq, edit }) => !edits.some((named) => named.seq === seq && named.edit === edit),
  ),
});

/** M6: the log has a message of this device that its own record does not have any more. */
export const ownMessageFound = (
  kept: KeptConversation,
  { deviceSeq, digest, sentAt }: Pick<MessageRow, "deviceSeq" | "digest" | "sentAt">,
): KeptConversation =>
  deviceSeq <= kept.own.deviceSeq
    ? kept
    : { ...kept, own: { deviceSeq, digest, sentAt: sentAt ?? 0 } };

/** M6: all that this device wrote is known again; null: nothing was sought. */
export const ownChainFound = (kept: KeptConversation): KeptConversation | null =>
  kept.ownChain === "sought" ? { ...kept, ownChain: "found" } : null;
