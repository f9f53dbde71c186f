import * as z from "zod/mini";
import { bundleDelivery, bundleUpload } from "./bundle.ts";
import { encodeCbor, decodeCbor } from "./cbor.ts";
import { bytes16, bytes32, cappedBytes, positive, time, unsigned, version } from "./fields.ts";
import { errorCode } from "./errors.ts";
import { LIMITS } from "./limits.ts";

const envelopeBytes = cappedBytes(LIMITS.envelope);
const receiptBytes = cappedBytes(LIMITS.receipt);

/** A place in the one order of a conversation (decision "one order"). `seq` starts at 1; bundle 0 has seq 1. */
const placed = { seq: positive, at: time };

/** One entry of the log: an envelope (as sent) or a bundle (as this reader may see it). */
export const logItem = z.union([
  z.strictObject({ ...placed, envelope: envelopeBytes }),
  z.strictObject({ ...placed, bundle: bundleDelivery }),
]);
export type LogItem = z.infer<typeof logItem>;

/** Where a reader stands: the newest bundle, the newest seq, its own device's last deviceSeq. */
export const conversationState = z.strictObject({
  head: z.strictObject({ n: unsigned, hash: bytes32 }),
  lastSeq: unsigned,
  /** last deviceSeq taken from the asking device (M6); 0 if none */
  deviceSeq: unsigned,
  /** highest seq each other member's devices confirmed as received */
  received: z.array(z.strictObject({ account: bytes32, seq: unsigned })),
  /** M10: newest read receipt of each other member */
  receipts: z.array(receiptBytes),
});
export type ConversationState = z.infer<typeof conversationState>;

/** Client to Conversation. */
export const conversationUp = z.discriminatedUnion("t", [
  /** first frame of a socket: log items after `cursor` follow, then live ones */
  z.strictObject({ t: z.literal("hello"), v: version, cursor: unsigned }),
  /** in order; the first refusal refuses the rest of the frame's envelopes of that device */
  z.strictObject({
    t: z.literal("send"),
    envelopes: z.array(envelopeBytes).check(z.minLength(1), z.maxLength(LIMITS.envelopesPerFrame)),
  }),
  /** a bundle and, in the same frame, what is first sent under it (C7) */
  z.strictObject({
    t: z.literal("bundle"),
    bundle: bundleUpload,
    envelopes: z.array(envelopeBytes).check(z.maxLength(LIMITS.envelopesPerFrame)),
  }),
  /** everything before this mark was read: the next page may come */
  z.strictObject({ t: z.literal("taken"), mark: bytes16 }),
  /** everything up to seq is stored on this device */
  z.strictObject({ t: z.literal("received"), seq: positive }),
  /** M10: takes the account's slot if its counter is above that of the one held there */
  z.strictObject({ t: z.literal("receipt"), receipt: receiptBytes }),
  /** these two are told to the others who are connected now, and kept nowhere */
  z.strictObject({ t: z.literal("typing"), on: z.boolean() }),
  z.strictObject({ t: z.literal("presence"), on: z.boolean() }),
]);
export type ConversationUp = z.infer<typeof conversationUp>;

/** Conversation to client. */
export const conversationDown = z.discriminatedUnion("t", [
  /** `behind`: the cursor is older than the object's tail; page by HTTP, then say hello again */
  z.strictObject({
    t: z.literal("welcome"),
    v: version,
    state: conversationState,
    behind: z.boolean(),
    /** other members who have the conversation open and in sight now */
    present: z.array(bytes32),
  }),
  z.strictObject({ t: z.literal("log"), items: z.array(logItem) }),
  /** ends a page of the log, or asks whether the reader keeps up; `more`: the next page follows `taken` */
  z.strictObject({ t: z.literal("page"), mark: bytes16, more: z.boolean() }),
  z.strictObject({
    t: z.literal("ack"),
    items: z.array(z.strictObject({ messageId: bytes16, deviceSeq: positive, ...placed })),
  }),
  z.strictObject({ t: z.literal("accepted"), hash: bytes32, n: unsigned, ...placed }),
  /** `ref`: messageId, bundle hash or receipt hash; null when the frame as a whole is refused */
  z.strictObject({
    t: z.literal("refused"),
    ref: z.nullable(z.union([bytes16, bytes32])),
    error: errorCode,
    retryAfterMs: z.optional(unsigned),
    /** with stale_epoch: the bundles after the one that was named, with their places (M7) */
    missed: z.optional(z.array(logItem)),
  }),
  z.strictObject({ t: z.literal("received"), account: bytes32, seq: unsigned }),
  /** M10: another member's newest; or the own slot as it stands now, in answer to a receipt */
  z.strictObject({ t: z.literal("receipt"), receipt: receiptBytes }),
  z.strictObject({ t: z.literal("typing"), account: bytes32, on: z.boolean() }),
  z.strictObject({ t: z.literal("presence"), account: bytes32, on: z.boolean() }),
]);
export type ConversationDown = z.infer<typeof conversationDown>;

/** One conversation of an account, as its Inbox knows it (decision "one socket"). */
export const inboxRow = z.strictObject({
  conversation: bytes32,
  shard: unsigned,
  /** n of the newest bundle */
  head: unsigned,
  lastSeq: unsigned,
  lastAt: time,
  readSeq: unsigned,
  /** upper bound: the others' envelopes after readSeq that are not quiet (M1) */
  unread: unsigned,
});
export type InboxRow = z.infer<typeof inboxRow>;

/** Client to Inbox. */
export const inboxUp = z.discriminatedUnion("t", [
  z.strictObject({ t: z.literal("hello"), v: version }),
  z.strictObject({ t: z.literal("read"), conversation: bytes32, seq: positive }),
  /** the page shows this conversation, or none: no device rings for it. Said again before LIMITS.showingMs are over */
  z.strictObject({ t: z.literal("showing"), conversation: z.nullable(bytes32) }),
]);
export type InboxUp = z.infer<typeof inboxUp>;

/** Inbox to client. A snapshot may come in several frames; `more` is false in the last. */
export const inboxDown = z.discriminatedUnion("t", [
  z.strictObject({ t: z.literal("snapshot"), rows: z.array(inboxRow), more: z.boolean() }),
  z.strictObject({ t: z.literal("activity"), row: inboxRow }),
  /** one of the account's private records was written, here or on another device (K9) */
  z.strictObject({ t: z.literal("record"), name: bytes32, version: positive }),
  /** the account has a newer manifest (K3) */
  z.strictObject({ t: z.literal("manifest"), version: positive }),
  z.strictObject({
    t: z.literal("refused"),
    error: errorCode,
    retryAfterMs: z.optional(unsigned),
  }),
]);
export type InboxDown = z.infer<typeof inboxDown>;

/** Log items as they travel in HTTP bodies. */
export const decodeLogItem = (bytes: Uint8Array): LogItem =>
  decodeCbor(bytes, logItem, LIMITS.body);

export const decodeConversationUp = (bytes: Uint8Array): ConversationUp =>
  decodeCbor(bytes, conversationUp, LIMITS.frame);
export const decodeConversationDown = (bytes: Uint8Array): ConversationDown =>
  decodeCbor(bytes, conversationDown, LIMITS.body);
export const decodeInboxUp = (bytes: Uint8Array): InboxUp =>
  decodeCbor(bytes, inboxUp, LIMITS.frame);
export const decodeInboxDown = (bytes: Uint8Array): InboxDown =>
  decodeCbor(bytes, inboxDown, LIMITS.body);

export const encodeConversationUp = (frame: ConversationUp): Uint8Array => encodeCbor(frame);
export const encodeConversationDown = (frame: ConversationDown): Uint8Array => encodeCbor(frame);
export const encodeInboxUp = (frame: InboxUp): Uint8Array => encodeCbor(frame);
export const encodeInboxDown = (frame: InboxDown): Uint8Array => encodeCbor(frame);
