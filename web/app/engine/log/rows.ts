import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { isArchived, isMuted } from "../../../core/private-state/flags.ts";
import { previewText } from "../../../core/messages/content.ts";
import type { ConversationSummary, Wanting } from "../../view.ts";
import { isProven } from "../conversation/standstill-transitions.ts";
import type { ConversationRecord } from "../store/records.ts";

/** Only a server speaks of it: nothing verified says that this account is, or was to be, a member. */
export const isPhantom = (record: ConversationRecord): boolean =>
  record.members === 0 && record.title === "" && record.outbox.length === 0;

/** Whether the invitation of this conversation is open, over, or gone (I4). */
export function stateOf(record: ConversationRecord, now: number): ConversationSummary["state"] {
  if (isProven(record)) return "blocked";
  if (record.head < 0 || record.members === 0) return "joining";
  if (record.members > 1) return "active";
  return record.invitation && record.invitation.expiry > now ? "invited" : "invitation-expired";
}

/** C5: what sending waits for. */
export const wantingOf = ({ blocked }: ConversationRecord): Wanting | null =>
  blocked?.kind === "want" ? { what: blocked.code, since: blocked.since } : null;

/** Private label, else the other's signed name, else what was known when it began. */
export function titleOf(record: ConversationRecord, self: Uint8Array): string {
  const own = accountIdText(self);
  const names = Object.entries(record.names).filter(([account]) => account !== own);
  const mine = equalBytes(record.owner, self);
  if (mine && record.title) return record.title;
  return names[0]?.[1] ?? record.title;
}

/** One line of the conversation list. */
export function rowOf(
  id: ConversationId,
  record: ConversationRecord,
  self: Uint8Array,
  now: number,
  draft: string | null,
): ConversationSummary {
  const muted = isMuted(record.flags, now);
  return {
    id,
    title: titleOf(record, self),
    state: stateOf(record, now),
    preview: record.preview && {
      own: record.preview.own,
      text: record.preview.text,
      deleted: record.preview.deleted,
      ...(record.preview.file ? { file: record.preview.file } : {}),
    },
    lastAt: record.lastAt,
    unread: record.unread,
    // A deletion that the server is still to be asked for is as good as not sent (M5).
    unsent: record.outbox.length + Math.sign(record.deletionsDue.length),
    waitingForYou: record.waiting && record.outbox.length === 0,
    pinned: record.flags.pinned,
    muted,
    mutedUntil: muted ? (record.flags.muted?.until ?? null) : null,
    archived: isArchived(record.flags, { seq: record.lastSeq, at: record.lastAt }, now),
    draft: draft === null ? null : previewText(draft),
  };
}

/** Newest activity first; equal times by id, so that the order never flickers. */
export const byActivity = (a: ConversationSummary, b: ConversationSummary): number =>
  b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1);
