import { encodeCbor } from "../../protocol/cbor.ts";
import type { LogItem } from "../../protocol/frames.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Standing } from "../rules/access.ts";
import type { Core } from "../core.ts";
import { stateFor } from "./handle.ts";
import {
  type EncodedItem,
  type LogQuestion,
  type Part,
  type Places,
  fitting,
  placesOf,
} from "../rules/page.ts";
import type { Peer } from "../../objects/peer.ts";
import type { ShardRange } from "../rules/shards.ts";
import { TUNING } from "../settings.ts";
import { sizeOf } from "../rules/turn.ts";

/** What the object knows of the page; what is older than `tailFrom` is D1's to add. */
export interface LogAnswer extends Places, Part {
  readonly conversation: Uint8Array;
  /** where the part before `tailFrom` lies, oldest first */
  readonly shards: readonly ShardRange[];
  readonly tailFrom: number;
  readonly lastSeq: number;
  /** the time asked for lies before the tail: D1 finds the place, then the page is asked for again */
  readonly mustFindTime: boolean;
}

const encoded = (item: LogItem): EncodedItem => ({ seq: item.seq, item: encodeCbor(item) });

/** The first place at or after a time: in the tail, past the end, or (null) somewhere before the tail. */
function findTime(core: Core, time: number): number | null {
  const { pruned, last } = core.get();
  const found = core.stores.tail.firstAt(time);
  if (found === null) return last.seq + 1;
  // The first item of the tail may have older ones of the same or a later time before it.
  return found === pruned + 1 && pruned > 0 ? null : found;
}

/** The object's part of a page: bundles wherever they are, envelopes of the tail. Throws `unavailable`. */
export async function readLog(
  core: Core,
  standing: Standing,
  question: LogQuestion,
): Promise<LogAnswer> {
  const { conversation, shards, pruned, last } = core.get();
  const places = placesOf(question, last.seq, (time) => findTime(core, time));
  const { from, to, keep }: Places = places ?? { from: 1, to: 0, keep: "oldest" };
  await core.loadShares(core.stores.bundles.inLog(from, to));
  const all = [...core.items(from, to, standing)];
  const kept = fitting(all, keep, sizeOf, TUNING.pageBytes);
  const part = { items: kept.map(encoded), isCut: kept.length < all.length };
  const page = { from, to, keep, ...part, mustFindTime: places === null };
  return { conversation, shards, ...page, tailFrom: pruned + 1, lastSeq: last.seq };
}

/** Bundles from n on, as many as fit a page. Throws `unavailable`. */
export async function readBundles(
  core: Core,
  standing: Standing,
  from: number,
): Promise<{ items: EncodedItem[]; more: boolean }> {
  const { n } = core.get().head.core;
  const to = Math.min(n, from + LIMITS.itemsPerPage - 1);
  const stored = core.stores.bundles.range(from, to);
  await core.loadShares(stored);
  const items = stored.map((bundle): LogItem => {
    const { seq, at } = bundle;
    return { seq, at, bundle: core.deliveryOf(bundle, standing) };
  });
  const kept = fitting(items, "oldest", sizeOf, TUNING.pageBytes);
  return { items: kept.map(encoded), more: from + kept.length <= n };
}

/** K13: state, every bundle, and the newest envelopes. Throws `unavailable`. */
export async function readTail(
  core: Core,
  peer: Peer,
): Promise<{ state: Uint8Array; items: Uint8Array[] }> {
  const bundles: EncodedItem[] = [];
  for (let more = true; more; ) {
    const page = await readBundles(core, core.standing(peer), bundles.length);
    bundles.push(...page.items);
    ({ more } = page);
  }
  const { last } = core.get();
  const newest = core.stores.tail
    .read(Math.max(1, last.seq - LIMITS.tailEnvelopes * 2), last.seq)
    .flatMap(({ seq, at, body }) => (body ? [{ seq, at, envelope: body }] : []))
    .slice(-LIMITS.tailEnvelopes);
  const items = [...bundles, ...newest.map(encoded)].sort((a, b) => a.seq - b.seq);
  return { state: encodeCbor(stateFor(core, peer)), items: items.map(({ item }) => item) };
}
