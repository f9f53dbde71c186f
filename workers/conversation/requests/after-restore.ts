import type { ArchivedItem } from "../../archive/write.ts";
import type { Gap } from "../../archive/gaps.ts";
import { decodeBundleCore } from "../../protocol/bundle.ts";
import { toBase64url } from "../../protocol/bytes.ts";
import { idBytes } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import { tasksOf } from "./accept-bundle.ts";
import { partsByShard, seqsByShard } from "../rules/shards.ts";
import { planChunk } from "../upkeep/flush.ts";
import { TUNING } from "../settings.ts";

/** What a conversation found when it compared itself with a restored D1. */
export interface RestoreReport {
  readonly rewritten: number;
  /** messages of these places are neither here nor in D1 */
  readonly lost: readonly Gap[];
  /** manifests that the roster was made under */
  readonly roster: readonly { readonly account: string; readonly manifestVersion: number }[];
}

/** What this object has of a gap: rows of the tail, and of what left it the places of bundles. */
function itemsOf(core: Core, { from, to }: Gap): ArchivedItem[] {
  const { stores } = core;
  const { pruned, authors } = core.get();
  const accounts = new Map([...authors.values()].map(({ id, account }) => [id, account]));
  const markers = stores.bundles
    .inLog(from, Math.min(to, pruned))
    .map(({ seq, at }) => ({ seq, at, account: null, body: null }));
  const rows = stores.tail.read(Math.max(from, pruned + 1), to).map((row) => {
    const account = row.author === null ? undefined : accounts.get(row.author);
    return { seq: row.seq, at: row.at, account: account ? idBytes(account) : null, body: row.body };
  });
  return [...markers, ...rows];
}

/** Messages of a gap that left the tail because D1 had them: the places between bundles, which are written again. */
function lossOf(core: Core, gap: Gap): Gap[] {
  const end = Math.min(gap.to, core.get().pruned);
  const bundles = core.stores.bundles.inLog(gap.from, end).map(({ seq }) => seq);
  const starts = [gap.from, ...bundles.map((seq) => seq + 1)];
  const ends = [...bundles.map((seq) => seq - 1), end];
  return starts
    .map((from, i) => ({ from, to: ends[i] ?? end }))
    .filter(({ from, to }) => from <= to);
}

/** Deletions whose place is still in the tail: D1 may have got their text back (M5). */
async function eraseAgain(core: Core): Promise<void> {
  const { conversation, shards, flushed, pruned } = core.get();
  const empty = core.stores.tail
    .read(pruned + 1, flushed)
    .filter(({ author, body }) => author !== null && body === null)
    .map(({ seq }) => seq);
  for (const part of seqsByShard(shards, empty)) {
    await core.deps.eraseArchived(part.shard, conversation, part.seqs);
  }
}

/** Every invitation's story is in the chain; D1 takes each of its statements once (I1, I3). */
function tellInvitationsAgain(core: Core): void {
  const { n } = core.get().head.core;
  for (let from = 0; from <= n; from += TUNING.itemsPerFrame) {
    const page = core.stores.bundles.range(from, Math.min(n, from + TUNING.itemsPerFrame - 1));
    core.transact(() => {
      for (const { core: bytes, hash, at } of page) {
        const checked = { core: decodeBundleCore(bytes), hash };
        for (const task of tasksOf(checked, at)) core.stores.ledger.queue(task);
      }
    });
  }
}

/**
 * After D1 was restored: writes to it whatever this object still has and D1 should have, and says what neither has.
 * `flushed` stays: nothing is taken from the tail by it. Repeated, it finds nothing to do.
 */
export async function afterRestore(core: Core): Promise<RestoreReport> {
  const { conversation, shards, flushed, head } = core.get();
  const found: Gap[] = [];
  let rewritten = 0;
  for (const { shard, from, to } of partsByShard(shards, 1, flushed)) {
    const gaps = await core.deps.archiveGaps(shard, conversation, { from, to });
    found.push(...gaps);
    for (let left = gaps.flatMap((gap) => itemsOf(core, gap)); left.length > 0; ) {
      const chunk = planChunk(left.slice(0, TUNING.flushRows));
      await core.deps.archive(shard, conversation, chunk);
      rewritten += chunk.length;
      left = left.slice(chunk.length);
    }
  }
  // The registry may have forgotten this conversation as well.
  core.get().isReportDue = true;
  core.stores.blobs.putTold(null);
  core.wakeAt(core.deps.now() + TUNING.soonMs);
  await eraseAgain(core);
  tellInvitationsAgain(core);
  return {
    rewritten,
    lost: found.flatMap((gap) => lossOf(core, gap)),
    roster: head.core.roster.map(({ account, manifest }) => ({
      account: toBase64url(account),
      manifestVersion: manifest.version,
    })),
  };
}
