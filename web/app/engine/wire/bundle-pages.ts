import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../../../../workers/protocol/frames.ts";
import type { Api } from "../../../platform/http.ts";
import { allPages } from "./all-pages.ts";

/** Rotated every week, with some changes, for two centuries; or fifteen million messages (C6, C7). */
const MOST = { entries: 16 * 1024, chars: 128 * 1024 * 1024 };

/**
 * Bundles from n on to the head, however many answers it takes. Nothing of them is verified. Throws CoreError
 * `unbounded` when the answers have no end.
 */
export async function fetchBundles(api: Api, id: ConversationId, from: number): Promise<LogItem[]> {
  const texts = await allPages(async (have) => {
    const page = await api.call("bundles", {
      params: { conversation: id },
      query: { from: from + have },
    });
    return { entries: page.items, more: page.more };
  }, MOST);
  return texts.map((text) => decodeLogItem(fromBase64url(text)));
}
