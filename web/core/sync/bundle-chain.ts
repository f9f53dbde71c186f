import type { Conversation } from "../conversation/state.ts";

/** A conversation's verified bundles and the places they have in the log. */
export interface BundleChain {
  /** null before bundle 0 */
  readonly conversation: Conversation | null;
  /** seq of bundle n at index n */
  readonly seqs: readonly number[];
}

export const EMPTY_CHAIN: BundleChain = { conversation: null, seqs: [] };
