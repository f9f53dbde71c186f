import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../../../../workers/protocol/frames.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { Api } from "../../../platform/http.ts";
import { hasPlace } from "../conversation/place-ranges.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import type { PlaceRange } from "../store/standstill.ts";

/** Pages that are asked for at one contact. */
const PAGES = 8;

/**
 * M6: what the server has by now for places of which it had nothing, or nothing that verified: so many pages at most,
 * from place `from` on. `next`: where the next contact begins, so that each place has its turn.
 */
export async function fetchMissed(
  api: Api,
  id: ConversationId,
  missed: readonly PlaceRange[],
  from: number,
): Promise<{ readonly items: readonly LogItem[]; readonly next: number }> {
  const items: LogItem[] = [];
  let at = from;
  for (let pages = 0; pages < PAGES; pages++) {
    const range = missed.find(({ to }) => to >= at);
    if (!range) return { items, next: 0 };
    const after = Math.max(range.from, at) - 1;
    const page = await api.call("log", {
      params: { conversation: id },
      query: { after, limit: Math.min(range.to - after, LIMITS.itemsPerPage) },
    });
    const came = page.items.map((text) => decodeLogItem(fromBase64url(text)));
    items.push(...came.filter(({ seq }) => seq > after && hasPlace(missed, seq)));
    const last = came.at(-1)?.seq ?? 0;
    // A page ends where the server has no more of the range, or is full.
    at = last > after && last < range.to ? last + 1 : range.to + 1;
  }
  return { items, next: at };
}

/** C7: bundles that are held, from the first whose epoch has no secret, as one answer has them. */
export async function fetchShares(
  api: Api,
  id: ConversationId,
  { conversation }: BundleChain,
  isOldWanted: boolean,
): Promise<readonly LogItem[]> {
  if (!conversation) return [];
  const lacks = ({ core }: (typeof conversation.bundles)[number]): boolean =>
    !conversation.epochs.get(core.n)?.secret;
  const head = conversation.bundles.at(-1);
  const first = isOldWanted ? conversation.bundles.find(lacks) : head && lacks(head) ? head : null;
  if (!first) return [];
  const page = await api.call("bundles", {
    params: { conversation: id },
    query: { from: first.core.n },
  });
  const items = page.items.map((text) => decodeLogItem(fromBase64url(text)));
  return items.filter((item) => "bundle" in item);
}
