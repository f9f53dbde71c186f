import type { AccountId, ConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type SignedManifest,
  decodeSignedManifest,
} from "../../../../workers/protocol/manifest.ts";
import type { Api } from "../../../platform/http.ts";
import { allPages } from "./all-pages.ts";

/** Whose chain is asked for: the own one, or that of somebody in a conversation that both share. */
export type ChainOf =
  | { readonly own: true }
  | { readonly account: AccountId; readonly conversation: ConversationId };

/** So many manifests, each as large as it can be (K5): sign-ins without a farewell leave a third of that (K3). */
const MOST = { entries: 16 * 1024, chars: 128 * 1024 * 1024 };

/**
 * A manifest chain from a version to its end, however many answers it takes. Nothing of it is verified. Throws CoreError
 * `unbounded` when the answers have no end.
 */
export async function fetchManifests(
  api: Api,
  whose: ChainOf,
  from: number,
): Promise<SignedManifest[]> {
  const texts = await allPages(async (have) => {
    const start = from + have;
    const { manifests, more } =
      "own" in whose
        ? await api.call("ownManifests", { query: { from: start } })
        : await api.call("manifests", {
            params: { account: whose.account },
            query: { from: start, conversation: whose.conversation },
          });
    return { entries: manifests, more };
  }, MOST);
  return texts.map((text) => decodeSignedManifest(fromBase64url(text)));
}
