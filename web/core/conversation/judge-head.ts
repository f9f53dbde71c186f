import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { CoreError } from "../errors.ts";
import { type Conversation, headBundle } from "./state.ts";

/** C5: what the server says is its head against what is held. Throws CoreError `bundle_forked`. */
export function judgeHead(
  conversation: Conversation,
  shown: { readonly n: number; readonly hash: Uint8Array },
): "same" | "behind" {
  const held = conversation.bundles[shown.n];
  if (!held) return "behind";
  if (!equalBytes(held.hash, shown.hash)) throw new CoreError("bundle_forked", `n ${shown.n}`);
  if (shown.n < headBundle(conversation).core.n) {
    throw new CoreError("bundle_forked", "the server fell behind");
  }
  return "same";
}
