import type { ConversationState } from "../../../../workers/protocol/frames.ts";
import { judgeHead } from "../../../core/conversation/judge-head.ts";
import { CoreError } from "../../../core/errors.ts";
import { judgeDeviceSeq } from "../../../core/messages/chain.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import type { KeptConversation } from "../conversation/kept.ts";

/** What this device held when it asked; what comes in between must not look like a fork. */
export interface Baseline {
  readonly record: Pick<KeptConversation, "cursor" | "own" | "ownChain">;
  readonly chain: BundleChain;
  /** own messages that had a number and no answer */
  readonly waiting: number;
}

/** What it held of the log was taken back to this place. */
export const heldUpTo = ({ record, ...rest }: Baseline, cursor: number): Baseline => ({
  ...rest,
  record: { cursor, own: record.own, ownChain: record.ownChain },
});

/**
 * C5, M6: what the server says of a conversation against what this device held when it asked. `assigned` is its
 * newest number by now. Nobody signs any of it: what contradicts is wanted of the log, which holds the proof if there
 * is one. Null: nothing does.
 */
export function judgeState(
  { record, chain, waiting }: Baseline,
  assigned: number,
  state: ConversationState,
): "other-head" | "unknown-number" | "rolled-back" | null {
  try {
    if (chain.conversation) judgeHead(chain.conversation, state.head);
  } catch (error) {
    if (error instanceof CoreError) return "other-head";
    throw error;
  }
  if (state.lastSeq < record.cursor) return "rolled-back";
  const acknowledged = record.own.deviceSeq - waiting;
  switch (judgeDeviceSeq(state.deviceSeq, acknowledged, assigned)) {
    case "agrees":
      return null;
    case "cloned":
      return "unknown-number";
    case "rolled-back":
      return "rolled-back";
  }
}
