import type { conversationEndpoints } from "../../protocol/http/conversations.ts";

export const conversationSummaries: Readonly<Record<keyof typeof conversationEndpoints, string>> = {
  createConversation: "Create a conversation with bundle 0",
  bundles: "Bundles from n on, with the caller's seals and shares",
  log: "A page of the log after or before a seq, or from a time on",
  frames: "The socket's frames over HTTP",
  deletions: "Remove the ciphertext of an own message that a later own one deletes (M5)",
  tails: "State, bundles and last envelopes of up to 50 conversations (K13)",
};
