import { accountIdText } from "../../../../workers/protocol/ids.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import { headN, membersOf } from "../conversation/library.ts";
import { headAdvanced } from "../conversation/membership-transitions.ts";

/** Of a conversation that this account is no member of, nobody counts. */
export function withHead(
  kept: KeptConversation,
  chain: BundleChain,
  self: Uint8Array,
): KeptConversation {
  const members = membersOf(chain);
  return headAdvanced(kept, headN(chain), members.has(accountIdText(self)) ? members.size : 0);
}
