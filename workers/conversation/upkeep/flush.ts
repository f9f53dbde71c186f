import type { ArchivedItem } from "../../archive/write.ts";
import type { Outage } from "../../objects/outages.ts";
import { idBytes } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import { type Memory, progressOf } from "../tables/memory.ts";
import { partsByShard } from "../rules/shards.ts";
import { TUNING } from "../settings.ts";
import type { Task } from "./task.ts";
import type { TailRow } from "../tables/tail-store.ts";

/** Up to which seq the tail can be pruned now, or null: it would free too few rows to be worth its writes. */
export function planPrune(state: {
  readonly flushed: number;
  readonly pruned: number;
  readonly last: number;
}): number | null {
  const upto = Math.min(state.flushed, state.last - TUNING.tailKeep);
  return upto - state.pruned >= TUNING.pruneStep ? upto : null;
}

/** The rows of one statement: as many as fit its bytes, and at least one. */
export function planChunk<Row extends { readonly body: Uint8Array | null }>(
  rows: readonly Row[],
): Row[] {
  let bytes = 0;
  const over = rows.findIndex((row, i) => {
    bytes += row.body?.length ?? 0;
    return i > 0 && bytes > TUNING.flushBytes;
  });
  return over < 0 ? [...rows] : rows.slice(0, over);
}

function archived(memory: Memory, rows: readonly TailRow[]): ArchivedItem[] {
  const accounts = new Map([...memory.authors.values()].map(({ id, account }) => [id, account]));
  return rows.map(({ seq, at, author, body }) => {
    const account = author === null ? undefined : accounts.get(author);
    return { seq, at, account: account ? idBytes(account) : null, body };
  });
}

/**
 * Copies what D1 does not have, oldest first (decision "durable log"). Sends go on while D1 is awaited. A chunk that
 * was written but not noted is written again, which changes nothing. Rejects if D1 was out of reach.
 */
async function flush(core: Core): Promise<void> {
  const due = core.memory?.last.seq ?? 0;
  for (let chunk = 0; chunk < TUNING.flushChunks; chunk++) {
    const memory = core.memory;
    if (!memory || memory.flushed >= memory.last.seq) return;
    const from = memory.flushed + 1;
    // A few that came meanwhile wait for the next alarm and share its statement.
    if (memory.flushed >= due && memory.last.seq - memory.flushed < TUNING.flushRows) return;
    const upto = Math.min(memory.last.seq, from + TUNING.flushRows - 1);
    const [part] = partsByShard(memory.shards, from, upto);
    if (!part) return;
    const { shard, to } = part;
    const rows = planChunk(core.stores.tail.read(from, to));
    const newest = rows.at(-1)?.seq;
    if (newest === undefined) return;
    await core.deps.archive(shard, memory.conversation, archived(memory, rows));
    noteFlushed(core, rows, newest);
  }
}

/** Memory may have been replaced while D1 was awaited. */
function noteFlushed(core: Core, rows: readonly TailRow[], newest: number): void {
  const memory = core.get();
  if (newest <= memory.flushed) return;
  const written = rows.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
  memory.flushed = newest;
  memory.pendingBytes = Math.max(0, memory.pendingBytes - written);
  const [next] = core.stores.tail.read(newest + 1, newest + 1);
  memory.pendingSince = next?.at ?? null;
  if (!next) memory.pendingBytes = 0;
}

/** When what waits is to be flushed. */
export function flushDueAt(memory: Memory, now: number): number {
  const isMuch =
    memory.last.seq - memory.flushed >= TUNING.flushRows ||
    memory.pendingBytes >= TUNING.flushBytes;
  if (isMuch) return now + TUNING.flushSoonMs;
  return (memory.pendingSince ?? now) + TUNING.flushAfterMs;
}

export const flushTask: Task = {
  name: "flush",
  neighbour: "archive",
  dueAt: ({ memory, deps }) =>
    memory && memory.flushed < memory.last.seq ? flushDueAt(memory, deps.now()) : null,
  run: flush,
};

const isSame = (some: readonly Outage[], others: readonly Outage[]): boolean =>
  some.length === others.length && some.every(({ retryAt }, i) => retryAt === others[i]?.retryAt);

/** Whether there is something to prune, or of progress something that has to be stored without waiting. */
function mustSettle({ memory, outages }: Core): boolean {
  if (!memory) return false;
  const { flushed, savedFlushed, pruned, last, progress, isUrgent } = memory;
  if (planPrune({ flushed, pruned, last: last.seq }) !== null) return true;
  return isUrgent || flushed > savedFlushed || !isSame(outages.all, progress.outages ?? []);
}

/** Prunes what is flushed and old, and writes progress. */
function settle(core: Core): void {
  const memory = core.memory;
  if (!memory || !(memory.isDirty || mustSettle(core))) return;
  const { flushed, pruned, last } = memory;
  const upto = planPrune({ flushed, pruned, last: last.seq });
  core.transact(() => {
    if (upto !== null) {
      foldAuthors(core, memory);
      memory.prunedBytes += core.stores.tail.release(pruned + 1, upto);
      memory.pruned = upto;
      memory.isReportDue = true;
      core.dayBudget.save(last.seq, core.deps.now());
    }
    for (const account of [...memory.unstored, ...memory.noted]) {
      const slot = memory.receipts.get(account);
      if (slot) core.stores.receipts.put(account, slot);
      memory.confirmable.add(account);
    }
    memory.unstored.clear();
    memory.noted.clear();
    memory.progress = progressOf(memory, core.outages.all);
    core.stores.meta.putProgress(memory.progress);
    memory.savedFlushed = flushed;
    memory.isDirty = false;
    memory.isUrgent = false;
  });
  core.confirmReceipts();
  for (const peer of core.peers.all()) if (peer.held) peer.hold(null);
}

export const settleTask: Task = {
  name: "settle",
  neighbour: "storage",
  // What sockets hold waits for an alarm that comes anyway, or for their end.
  dueAt: (core) => (mustSettle(core) ? core.deps.now() + TUNING.receiptsMs : null),
  run(core) {
    settle(core);
    return Promise.resolve();
  },
};

/** M6: what the tail is about to forget of devices moves to their rows. */
function foldAuthors(core: Core, memory: Memory): void {
  const upto = memory.last.seq;
  for (const author of memory.authors.values()) {
    if (author.newest <= author.upto) continue;
    author.upto = upto;
    const { id, authored, log } = author;
    const names = { account: idBytes(author.account), device: idBytes(author.device) };
    core.stores.authors.put({ id, ...names, upto, authored, log });
  }
}
