import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { Library } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";

/** How long what a server showed of a peer is not asked for again. */
const FRESH_MS = 60 * 60 * 1000;

interface Surroundings {
  readonly deps: Pick<Deps, "now">;
  readonly me: Pick<Identity, "account">;
  readonly library: Pick<Library, "chain">;
  readonly directory: Pick<Directory, "fetch">;
}

/**
 * C8: whoever opens a conversation asks for its members' newer manifests, so that devices that they ended are known
 * for such although nothing newer names it. What fails is asked again when it is opened again.
 */
export function watchPeers({ deps, me, library, directory }: Surroundings) {
  const asked = new Map<string, number>();
  return async (id: ConversationId): Promise<void> => {
    const { conversation } = await library.chain(id);
    for (const { account } of conversation?.bundles.at(-1)?.core.roster ?? []) {
      const peer = accountIdText(account);
      const now = deps.now();
      const isFresh = now - (asked.get(peer) ?? Number.NEGATIVE_INFINITY) < FRESH_MS;
      if (isFresh || equalBytes(account, me.account)) continue;
      asked.set(peer, now);
      try {
        await directory.fetch(account, id);
      } catch (error) {
        asked.delete(peer);
        reportUnexpected(error);
      }
    }
  };
}
