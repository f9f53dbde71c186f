import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type * as z from "zod/mini";
import type { StoreName } from "../../../platform/database.ts";
import type { Placed } from "../store/placed.ts";
import type { Store } from "../store/store.ts";
import { END, type Stretch } from "./stretch.ts";

/**
 * Opened rows of one conversation's stretch, of a store with keys [conversation, seq]. A row is read and decrypted
 * once, and again only after it was written.
 */
export interface RowCache<T> {
  /** The rows of this stretch in their order. One call at a time. */
  read(stretch: Stretch): Promise<Placed<T>[]>;
  /** Another tab wrote: nothing here is certain any more. */
  forget(): void;
  close(): void;
}

/** Places that follow each other are read with one request. */
function runsOf(seqs: readonly number[]): Stretch[] {
  const runs: { from: number; to: number }[] = [];
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last.to + 1 === seq) last.to = seq;
    else runs.push({ from: seq, to: seq });
  }
  return runs;
}

export function createRowCache<T extends z.ZodMiniType>(
  store: Store,
  name: StoreName,
  schema: T,
  id: ConversationId,
): RowCache<z.infer<T>> {
  let rows = new Map<number, z.infer<T>>();
  let held: Stretch | null = null;
  let written = new Set<number>();
  let age = 0;

  const forget = (): void => {
    age += 1;
    rows = new Map();
    written = new Set();
    held = null;
  };

  const stop = store.watch((touched) => {
    for (const touch of touched) {
      if (touch.store !== name) continue;
      if (touch.key === null) forget();
      else if (typeof touch.key !== "string" && touch.key[0] === id) written.add(touch.key[1]);
    }
  });

  /** What of `wanted` is not known; what lies outside is let go. */
  const missing = (wanted: Stretch): Stretch[] => {
    const apart = held === null || wanted.from > held.to + 1 || wanted.to < held.from - 1;
    if (apart) rows.clear();
    const before = held;
    const due = [...written];
    // Taken before it is read: what is written meanwhile is due again.
    written = new Set();
    held = wanted;
    if (apart || before === null) return [wanted];
    for (const seq of rows.keys()) if (seq < wanted.from || seq > wanted.to) rows.delete(seq);
    const again = due.filter(
      (seq) => seq >= Math.max(wanted.from, before.from) && seq <= Math.min(wanted.to, before.to),
    );
    for (const seq of again) rows.delete(seq);
    const spans = runsOf(again);
    if (wanted.from < before.from) spans.push({ from: wanted.from, to: before.from - 1 });
    if (wanted.to > before.to) spans.push({ from: before.to + 1, to: wanted.to });
    return spans;
  };

  return {
    async read(stretch) {
      for (;;) {
        const started = age;
        const spans = missing({ from: stretch.from, to: Math.min(stretch.to, END) });
        try {
          const read = await Promise.all(
            spans.map((span) => store.readAll(name, schema, { id, ...span })),
          );
          if (started !== age) continue;
          for (const { key, value } of read.flat()) {
            if (typeof key !== "string") rows.set(key[1], value);
          }
        } catch (error) {
          forget();
          throw error;
        }
        return [...rows]
          .map(([seq, row]) => ({ seq, row }))
          .sort((one, other) => one.seq - other.seq);
      }
    },
    forget,
    close: stop,
  };
}
