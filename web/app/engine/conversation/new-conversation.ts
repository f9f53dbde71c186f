import { NO_FLAGS } from "../../../core/private-state/flags.ts";
import { type ConversationRecord, NO_RECEIPT } from "../store/records.ts";

/** A conversation of which nothing is stored yet. */
export const newConversationRecord = (about: {
  readonly title: string;
  readonly owner: Uint8Array;
  readonly createdAt: number;
}): ConversationRecord => ({
  ...about,
  head: -1,
  members: 0,
  invitation: null,
  oldest: 1,
  cursor: 0,
  lastSeq: 0,
  readSeq: 0,
  unread: 0,
  lastAt: about.createdAt,
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
  flags: NO_FLAGS,
  flagsPending: [],
  deletionsDue: [],
  editsLeft: [],
  reading: {},
  receipt: NO_RECEIPT,
  seen: {},
});
