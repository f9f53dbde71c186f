/** What the device keeps, sealed (K8). Schemas are the format; types are inferred from them. */
import * as z from "zod/mini";
import { accountRole } from "../../../../workers/protocol/http/endpoint.ts";
import {
  bytes16,
  bytes32,
  cappedBytes,
  positive,
  time,
  unsigned,
} from "../../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { outboxBody, rowBody } from "../../../core/messages/content.ts";
import { fileMention } from "../../../core/files/file-mention.ts";
import { wishBody } from "../../../core/messages/effects.ts";
import { readPosition } from "../../../core/receipts/position.ts";
import { NO_FLAGS, conversationFlags, flagName } from "../../../core/private-state/flags.ts";
import { failedNotice, placeRange, standstill } from "./standstill.ts";

const bytes = cappedBytes(LIMITS.body);

/** Who this device is and the account's secrets that it may hold (K2, K3). */
export const identityRecord = z.object({
  account: bytes32,
  role: accountRole,
  device: bytes32,
  signSeed: bytes32,
  kemSeed: bytes32,
  /** user-key seeds of every generation; the last is the current one */
  userSeeds: z.array(bytes32),
  name: z.string(),
  /** false: its manifest was prepared and perhaps put, but is not pinned (A1) */
  bound: z.boolean(),
});
export type IdentityRecord = z.infer<typeof identityRecord>;

/** A verified manifest, in its place [account, version]: signed bytes as transmitted. */
export const manifestRecord = z.object({ core: bytes, signature: bytes });

/** A3: an invitation that this account is accepting, until it has joined. */
export const joinRecord = z.object({ secret: bytes32, inviter: bytes32, title: z.string() });
export const JOIN_KEY = "join";
export type JoinRecord = z.infer<typeof joinRecord>;

/** What this device knows of one conversation, beside what follows. */
export const conversationRecord = z.object({
  /** as the person wrote or saw it: label, or the inviter's name */
  title: z.string(),
  owner: bytes32,
  createdAt: time,
  /** n of the newest bundle stored; -1 before bundle 0 */
  head: z.int().check(z.gte(-1)),
  /** accounts in its roster; 0: this account is not among them */
  members: unsigned,
  /** while it is open (own invitations only) */
  invitation: z.nullable(z.object({ secret: bytes32, invite: bytes16, expiry: time })),
  /** everything from `oldest` to `cursor` is stored here without a hole */
  oldest: positive,
  cursor: unsigned,
  /** server's newest seq, as the inbox says */
  lastSeq: unsigned,
  readSeq: unsigned,
  /** others' messages after readSeq among what is stored */
  unread: unsigned,
  lastAt: time,
  preview: z.nullable(
    z.object({
      own: z.boolean(),
      text: z.string(),
      deleted: z._default(z.boolean(), false),
      /** of a file; the text is what was written with it */
      file: z.optional(fileMention),
      /** where that message stands; records older than this know it of none */
      seq: z._default(unsigned, 0),
    }),
  ),
  waiting: z.boolean(),
  /** keys of this conversation's rows in the outbox, in order */
  outbox: z.array(positive),
  /** profile names by base64url accountId */
  names: z.record(z.string(), z.string()),
  /** placeholders that may open when more is known (M9) */
  retryable: unsigned,
  /** why sending stands still (C4, C5); null while all is well */
  blocked: z.nullable(standstill),
  /** C5: that something came and failed a check; the newest of them */
  failures: z.array(failedNotice),
  /** M6: places up to the cursor that are asked for again at each contact */
  missed: z.array(placeRange),
  /** as the account keeps it in its list (K9); records older than the flags have none */
  flags: z._default(conversationFlags, NO_FLAGS),
  /**
   * M6, E1: "sought" while what this device wrote is read from the log again, as its own record of it was damaged;
   * nothing is sent meanwhile. "found": the log before this device's first look may hold what it wrote.
   */
  ownChain: z._default(z.enum(["kept", "sought", "found"]), "kept"),
  /** flags changed here that the account's private state does not have yet */
  flagsPending: z._default(z.array(flagName), []),
  /** M5: places that the server is still to be asked to empty, and the message that deletes each */
  deletionsDue: z._default(z.array(z.object({ seq: positive, deletion: positive })), []),
  /** F1: blobs of deleted messages, of which a copy may be kept on this device */
  copiesGone: z._default(z.array(bytes16), []),
  /** M5: own edits, by place, of deleted messages; a deletion is still to name those that none names */
  editsLeft: z._default(z.array(z.object({ seq: positive, edit: positive })), []),
});
export type ConversationRecord = z.infer<typeof conversationRecord>;

const tip = z.object({ deviceSeq: unsigned, digest: z.nullable(bytes32) });

/** Both ends of each device's chain in one conversation (M6). */
export const chainEndsRecord = z.object({
  /** this device's own chain (M6, A4) */
  own: z._default(z.extend(tip, { sentAt: z.optional(time) }), { deviceSeq: 0, digest: null }),
  /** M6: newest own message that the server took, with its place */
  acknowledged: z._default(z.object({ deviceSeq: unsigned, seq: unsigned }), {
    deviceSeq: 0,
    seq: 0,
  }),
  /** newest digest of every other device, by base64url deviceId, and when it was written (M5) */
  tips: z._default(z.record(z.string(), z.extend(tip, { sentAt: z.optional(time) })), {}),
  /** oldest stored message of every other device, with its place: what comes before must lead to it */
  firsts: z._default(
    z.record(
      z.string(),
      z.object({ seq: positive, deviceSeq: positive, prev: z.nullable(bytes32) }),
    ),
    {},
  ),
});
export type ChainEndsRecord = z.infer<typeof chainEndsRecord>;

/** The own read receipt here (M10). */
const ownReceipt = z.object({
  /** highest counter that the server was seen to hold */
  counter: unsigned,
  /** what the account told last, on whichever device */
  told: z.nullable(z.object({ seq: positive, except: z.array(positive) })),
  /** read on this device and not told yet */
  due: z.nullable(z.object({ seq: positive, at: time })),
});
export const NO_RECEIPT: z.infer<typeof ownReceipt> = { counter: 0, told: null, due: null };

/** What the members of one conversation tell each other of receiving, reading and being here. */
export const readingRecord = z.object({
  /** highest seq that each member confirmed, by base64url accountId */
  received: z._default(z.record(z.string(), unsigned), {}),
  /** where the others are with reading, by base64url accountId (M10) */
  reading: z._default(z.record(z.string(), readPosition), {}),
  receipt: z._default(ownReceipt, NO_RECEIPT),
  /** when each other was last here while this device looked, by base64url accountId */
  seen: z._default(z.record(z.string(), time), {}),
});
export type ReadingRecord = z.infer<typeof readingRecord>;

/** One verified bundle and what it lets this account open (C5, C7). */
export const bundleRecord = z.object({
  core: bytes,
  seq: positive,
  /** null when this account was given no key, or the share was erased (C7) */
  key: z.nullable(bytes32),
  share: z.nullable(bytes32),
  secret: z.nullable(bytes),
});
export type BundleRecord = z.infer<typeof bundleRecord>;

/** One place of the log as it was understood. */
export const messageRecord = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    at: time,
    account: bytes32,
    device: bytes32,
    deviceSeq: positive,
    messageId: bytes16,
    digest: bytes32,
    prev: z.nullable(bytes32),
    /** M6: its device says there was one between this and the one before */
    missingBefore: z.boolean(),
    /** the first number that is missing; rows older than this do not know */
    missingFrom: z.optional(positive),
    /** as its author's clock said; rows older than this have `at` alone */
    sentAt: z.optional(time),
    /** the first message here of a device that its account added later; absent: it is not */
    newDevice: z.optional(z.boolean()),
    /** C8: its device was gone by the manifest that was held when the message came; absent: it was not */
    sinceRemoved: z.optional(z.boolean()),
    /** M1: its header was quiet though its kind rings; absent: it was not */
    silent: z.optional(z.literal(true)),
    body: rowBody,
  }),
  z.object({
    type: z.literal("bundle"),
    at: time,
    n: unsigned,
    change: z.string(),
    account: bytes32,
    /** I4: a join that the server took after its invitation had expired; absent: it was in time */
    late: z.optional(z.literal(true)),
  }),
  /** M9: kept to be tried again */
  z.object({
    type: z.literal("quarantined"),
    at: time,
    envelope: bytes,
    reason: z.string(),
    retry: z.boolean(),
    /** its author is known to have signed it; absent: anybody may have made it, and its place is asked for again */
    vouched: z.optional(z.boolean()),
  }),
]);
export type MessageRecord = z.infer<typeof messageRecord>;
export type MessageRow = Extract<MessageRecord, { type: "message" }>;

/** M5: what other messages want of the one at this place, whether it is stored or not. */
export const marksRecord = z.object({
  marks: z.array(
    z.object({
      account: bytes32,
      seq: positive,
      at: time,
      sentAt: time,
      named: z.object({ device: bytes32, deviceSeq: positive, digest: bytes32 }),
      wish: wishBody,
    }),
  ),
});

/** M5, M6: one number of a device: what deletions say of it, and the row that misses it. */
export const numberRecord = z.object({
  named: z.array(z.object({ account: bytes32, digest: bytes32 })),
  missedBy: z.nullable(positive),
});
export type NumberRecord = z.infer<typeof numberRecord>;

/** A4: an entry of before, which called its body a draft, still goes out. */
const namingBody = z.transform((entry: unknown) =>
  typeof entry === "object" && entry !== null && "draft" in entry
    ? { ...entry, body: entry.draft }
    : entry,
);

/** A message on its way out (A4). Its payload is fixed at first transmission and never changes after. */
const outboxEntry = z.object({
  messageId: bytes16,
  createdAt: time,
  body: outboxBody,
  /** F1: the copy of its file is in the memory of one tab */
  isVolatile: z.optional(z.literal(true)),
  state: z.discriminatedUnion("state", [
    z.object({ state: z.literal("queued") }),
    /** A6: its file goes up first, from the copy that is kept here; what is written after it does not wait */
    z.object({ state: z.literal("uploading") }),
    z.object({
      state: z.literal("assigned"),
      deviceSeq: positive,
      payload: bytes,
      digest: bytes32,
      prev: z.nullable(bytes32),
      /** T1: as the payload says; entries older than this were dated when they were written */
      sentAt: z.optional(time),
    }),
    /** sent by a former device of the account, which got no answer; the log after this place tells (M6) */
    z.object({
      state: z.literal("unanswered"),
      after: unsigned,
      /** as what it was sent; entries older than this do not know */
      sent: z.optional(z.object({ device: bytes32, deviceSeq: positive, digest: bytes32 })),
    }),
    z.object({ state: z.literal("failed"), problem: z.string() }),
  ]),
});
export const outboxRecord = z.pipe(namingBody, outboxEntry);
export type OutboxRecord = z.infer<typeof outboxRecord>;
