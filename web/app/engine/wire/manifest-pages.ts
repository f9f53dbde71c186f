import type { AccountId, ConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type SignedManifest,
  decodeSignedManifest,
} from "../../../../workers/protocol/manifest.ts";
import type { Api } from "../../../platform/http.ts";

/** Whose chain is asked for: the own one, or that of somebody in a conversation that both share. */
export type ChainOf =
  | { readonly own: true }
  | { readonly account: AccountId; readonly conversation: ConversationId };

/** A manifest chain from a version to its end, however many answers it takes. Nothing of it is verified. */
export async function fetchManifests(
  api: Api,
  whose: ChainOf,
  from: number,
): Promise<SignedManifest[]> {
  const chain: SignedManifest[] = [];
  for (;;) {
    const start = from + chain.length;
    const page =
      "own" in whose
        ? await api.call("ownManifests", { query: { from: start } })
        : await api.call("manifests", {
            params: { account: whose.account },
            query: { from: start, conversation: whose.conversation },
          });
    chain.push(...page.manifests.map((text) => decodeSignedManifest(fromBase64url(text))));
    if (!page.more || page.manifests.length === 0) return chain;
  }
}
