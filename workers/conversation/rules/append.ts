import { equalBytes } from "../../protocol/bytes.ts";
import type { EnvelopeHeader } from "../../protocol/envelope.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { TUNING } from "../settings.ts";

/** A place in the one order of a conversation. */
export interface Place {
  readonly seq: number;
  readonly at: number;
}

export interface Recent extends Place {
  readonly deviceSeq: number;
  readonly messageId: Uint8Array;
}

/** What is known of one device's messages (M6). */
export interface DeviceLog {
  /** last deviceSeq taken; 0 if none */
  readonly last: number;
  /** the newest ones, ascending */
  readonly recent: readonly Recent[];
}

export const NO_MESSAGES: DeviceLog = { last: 0, recent: [] };

/** What a decision depends on. */
export interface AppendState extends Place {
  readonly conversation: Uint8Array;
  readonly head: { readonly n: number; readonly hash: Uint8Array };
  /** of the author's device */
  readonly log: DeviceLog;
  /** the author is in the roster of the head */
  readonly isMember: boolean;
}

/** Who the socket's session says is speaking. */
export interface Speaker {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
}

export type Decision =
  | ({ readonly kind: "append" } & Place)
  /** taken before: acknowledge it again */
  | ({ readonly kind: "duplicate" } & Place)
  /** older than `recent`: only the stored rows can tell a duplicate from a conflict */
  | { readonly kind: "look-up" }
  | { readonly kind: "refuse"; readonly error: ErrorCode };

const refuse = (error: ErrorCode): Decision => ({ kind: "refuse", error });

/** `at` never falls along seq, so that a time can be found by bisection. */
export const nextPlace = (last: Place, now: number): Place => ({
  seq: last.seq + 1,
  at: Math.max(last.at, now),
});

/**
 * M6, M7: what becomes of one envelope. A duplicate is recognised before the epoch is looked at: an
 * acknowledgement that was lost on the way must not turn into a second message under the next epoch.
 */
export function decideAppend(
  state: AppendState,
  header: EnvelopeHeader,
  author: Speaker,
  now: number,
): Decision {
  if (!state.isMember) return refuse("not_found");
  if (!equalBytes(header.conversation, state.conversation)) return refuse("bad_request");
  if (!equalBytes(header.account, author.account)) return refuse("bad_request");
  if (!equalBytes(header.device, author.device)) return refuse("bad_request");
  const { last, recent } = state.log;
  if (header.deviceSeq <= last) {
    // Recent ones have consecutive deviceSeqs, so the place is known.
    const known = recent[recent.length - 1 - (last - header.deviceSeq)];
    if (!known) return { kind: "look-up" };
    if (!equalBytes(known.messageId, header.messageId)) return refuse("sequence_conflict");
    return { kind: "duplicate", seq: known.seq, at: known.at };
  }
  if (header.n !== state.head.n || !equalBytes(header.head, state.head.hash)) {
    return refuse("stale_epoch");
  }
  if (header.deviceSeq > last + 1) return refuse("out_of_order");
  return { kind: "append", ...nextPlace(state, now) };
}

/** The device's log with one more message, which must be its next. */
export function withMessage(log: DeviceLog, message: Recent): DeviceLog {
  const kept = log.recent.length < TUNING.recent ? log.recent : log.recent.slice(1);
  return { last: message.deviceSeq, recent: [...kept, message] };
}

/** What the rest of a frame is told after its first refusal: nothing may overtake what was refused. */
export const refusalOfRest = (error: ErrorCode): ErrorCode =>
  error === "stale_epoch" || error === "unavailable" ? error : "out_of_order";
