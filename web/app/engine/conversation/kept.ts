import { NO_FLAGS } from "../../../core/private-state/flags.ts";
import {
  type ChainEndsRecord,
  type ConversationRecord,
  NO_RECEIPT,
  type ReadingRecord,
} from "../store/records.ts";

/** All that this device keeps of a conversation beside its log: three records, which one transaction may change. */
export interface KeptConversation extends ConversationRecord, ChainEndsRecord, ReadingRecord {}

interface Beginning {
  readonly title: string;
  readonly owner: Uint8Array;
  readonly createdAt: number;
}

/** A conversation of which nothing is stored yet. */
export const newConversation = ({ title, owner, createdAt }: Beginning): KeptConversation => ({
  title,
  owner,
  createdAt,
  head: -1,
  members: 0,
  invitation: null,
  oldest: 1,
  cursor: 0,
  lastSeq: 0,
  readSeq: 0,
  unread: 0,
  lastAt: createdAt,
  preview: null,
  waiting: false,
  own: { deviceSeq: 0, digest: null },
  outbox: [],
  tips: {},
  firsts: {},
  names: {},
  received: {},
  retryable: 0,
  blocked: null,
  failures: [],
  missed: [],
  acknowledged: { deviceSeq: 0, seq: 0 },
  ownChain: "kept",
  flags: NO_FLAGS,
  flagsPending: [],
  deletionsDue: [],
  copiesGone: [],
  editsLeft: [],
  reading: {},
  receipt: NO_RECEIPT,
  seen: {},
});

/** The account made it on this device: bundle 0 stands at `seq`, and its invitation is open. */
export const conversationCreated = (
  about: Beginning,
  seq: number,
  invitation: NonNullable<ConversationRecord["invitation"]>,
): KeptConversation => ({
  ...newConversation(about),
  head: 0,
  members: 1,
  invitation,
  cursor: seq,
  lastSeq: seq,
});

/** The Inbox lists it: another device of the account made or joined it. */
export const conversationListed = (
  about: Beginning,
  row: Pick<ConversationRecord, "lastAt" | "lastSeq" | "readSeq">,
  known: Pick<ConversationRecord, "invitation" | "flags">,
): KeptConversation => ({
  ...newConversation(about),
  lastAt: row.lastAt,
  lastSeq: row.lastSeq,
  readSeq: row.readSeq,
  ...known,
});

/** A new device of the account takes over: what only this browser knows stays, everything else comes from the log. */
export const conversationCarried = (record: ConversationRecord): KeptConversation => ({
  ...newConversation(record),
  invitation: record.invitation,
  lastAt: record.lastAt,
  readSeq: record.readSeq,
  names: record.names,
  outbox: record.outbox,
  flags: record.flags,
  flagsPending: record.flagsPending,
  deletionsDue: record.deletionsDue,
  copiesGone: record.copiesGone,
  failures: record.failures,
});

/** What was damaged is fetched anew; `outbox`: the entries that can still be read (E1). */
export const conversationMended = (
  held: ConversationRecord | null,
  about: Beginning,
  outbox: readonly number[],
): KeptConversation => ({
  ...(held ? conversationCarried(held) : newConversation(about)),
  outbox: [...outbox],
  ownChain: "sought",
});
