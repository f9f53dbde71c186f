import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../../../../workers/protocol/frames.ts";
import type { Api } from "../../../platform/http.ts";

/** Bundles from n on to the head, however many answers it takes. Nothing of them is verified. */
export async function fetchBundles(api: Api, id: ConversationId, from: number): Promise<LogItem[]> {
  const items: LogItem[] = [];
  for (;;) {
    const page = await api.call("bundles", {
      params: { conversation: id },
      query: { from: from + items.length },
    });
    items.push(...page.items.map((text) => decodeLogItem(fromBase64url(text))));
    if (!page.more || page.items.length === 0) return items;
  }
}
