import { equalBytes } from "../../protocol/bytes.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { ReceiptHeader } from "../../protocol/receipt.ts";
import type { Speaker } from "./append.ts";

/** M10: the newest read receipt of one account; there is never more than this one. */
export interface Slot {
  readonly counter: number;
  readonly body: Uint8Array;
}

export interface SlotState {
  readonly conversation: Uint8Array;
  /** n of the newest bundle */
  readonly head: number;
  readonly isMember: boolean;
  /** of the author's account */
  readonly slot: Slot | undefined;
}

export type SlotDecision =
  | { readonly kind: "keep" }
  /** these very bytes are held: the answer was lost */
  | { readonly kind: "known" }
  | { readonly kind: "refuse"; readonly error: ErrorCode };

const refuse = (error: ErrorCode): SlotDecision => ({ kind: "refuse", error });

/**
 * M10: what becomes of a receipt. `stale_version`: another device of the account was first; the own slot is told
 * along with it, so that this one goes on from there.
 */
export function decideReceipt(
  state: SlotState,
  header: ReceiptHeader,
  bytes: Uint8Array,
  author: Speaker,
): SlotDecision {
  if (!state.isMember) return refuse("not_found");
  if (!equalBytes(header.conversation, state.conversation)) return refuse("bad_request");
  if (!equalBytes(header.account, author.account)) return refuse("bad_request");
  if (!equalBytes(header.device, author.device)) return refuse("bad_request");
  if (header.n > state.head) return refuse("bad_request");
  const { slot } = state;
  if (slot && equalBytes(slot.body, bytes)) return { kind: "known" };
  if (slot && header.counter <= slot.counter) return refuse("stale_version");
  return { kind: "keep" };
}
