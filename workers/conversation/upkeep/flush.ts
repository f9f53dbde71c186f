import type { ArchivedItem } from "../../archive/write.ts";
import { idBytes } from "../../protocol/ids.ts";
import type { Core } from "../core.ts";
import { type Memory, progressOf } from "../tables/memory.ts";
import { TUNING } from "../settings.ts";
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
 * was written but not noted is written again, which changes nothing. False if D1 was out of reach.
 */
export async function flush(core: Core): Promise<boolean> {
  const due = core.memory?.last.seq ?? 0;
  for (let chunk = 0; chunk < TUNING.flushChunks; chunk++) {
    const memory = core.memory;
    if (!memory || memory.flushed >= memory.last.seq) return true;
    const from = memory.flushed + 1;
    // A few that came meanwhile wait for the next alarm and share its statement.
    if (memory.flushed >= due && memory.last.seq - memory.flushed < TUNING.flushRows) return true;
    const to = Math.min(memory.last.seq, from + TUNING.flushRows - 1);
    const rows = planChunk(core.stores.tail.read(from, to));
    const newest = rows.at(-1)?.seq;
    if (newest === undefined) return true;
    try {
      await core.deps.archive(memory.shard, memory.conversation, archived(memory, rows));
    } catch {
      return false;
    }
    // Read anew: memory may have been replaced while D1 was awaited.
    const now = core.get();
    now.flushed = Math.max(now.flushed, newest);
  }
  return true;
}

/** Prunes what is flushed and old, and writes progress when that is worth a row. */
export function settle(core: Core): void {
  const memory = core.memory;
  if (!memory) return;
  const { flushed, pruned, last } = memory;
  const upto = planPrune({ flushed, pruned, last: last.seq });
  const isDue = memory.isDirty || flushed - memory.savedFlushed >= TUNING.pruneStep / 2;
  if (upto === null && !isDue) return;
  core.transact(() => {
    if (upto !== null) {
      foldAuthors(core, memory);
      core.stores.tail.release(pruned + 1, upto);
      memory.pruned = upto;
      core.dayBudget.save(last.seq, core.deps.now());
    }
    core.stores.meta.putProgress(progressOf(memory));
    memory.savedFlushed = flushed;
    memory.isDirty = false;
  });
}

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
