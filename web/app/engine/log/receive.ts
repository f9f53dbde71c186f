import type { LogItem } from "../../../../workers/protocol/frames.ts";
import type { Chain } from "../../../core/sync/chain.ts";
import type { Own } from "../conversation/log-transitions.ts";
import type { Deps } from "../store/deps.ts";
import { type Library, headN } from "../conversation/library.ts";
import { MARK_STORES, clearHoles } from "./marks.ts";
import { place, placeBeginnings, placeOlder, placeRetried } from "./place.ts";
import { type ConversationRecord, conversationRecord, messageRecord } from "../store/records.ts";
import { isBelowNewest, isNotOlder, linksAmong, withoutReplays } from "./replays.ts";
import type { Writer } from "../store/store.ts";
import { type Eyes, type Understood, understand } from "./understand.ts";

/** `gap`: something between the cursor and these items is missing; ask for the log after the cursor. */
export type Received = "stored" | "gap" | "blocked";

/** A5: each of these stores all that came of it in one transaction, or nothing. */
export interface Receiver {
  /** Items after the cursor. A page is what the server has, holes and all; live items must follow directly. */
  forward(id: string, items: readonly LogItem[], source: "page" | "live"): Promise<Received>;
  /** Items before the oldest stored place; `from`: what they begin with if there are none (M5). */
  backward(id: string, items: readonly LogItem[], from?: number): Promise<void>;
  /** K13: every bundle and the newest envelopes, for a device that has nothing yet. */
  tail(id: string, items: readonly LogItem[], lastSeq: number): Promise<Received>;
}

interface Shared {
  readonly deps: Deps;
  readonly library: Library;
  readonly eyes: () => Eyes;
  readonly own: () => Own;
  readonly changed: (id: string) => void;
}

const ROW_STORES = ["conversations", "messages", ...MARK_STORES] as const;
const STORES = [...ROW_STORES, "bundles"] as const;

/** What the record says of the newest bundle. */
const headOf = (chain: Chain): Pick<ConversationRecord, "head" | "members"> => ({
  head: headN(chain),
  members: chain.conversation?.bundles.at(-1)?.core.roster.length ?? 0,
});

const EMPTY_LINKS = { tips: {}, firsts: {} };

/** Whether live items follow the cursor and each other: with less, something is still on its way, or was hidden. */
const follows = (cursor: number, items: readonly LogItem[]): boolean =>
  items.every(({ seq }, i) => seq === cursor + 1 + i);

export function createReceiver(shared: Shared): Receiver {
  const { deps, library, own } = shared;
  /** one at a time for each conversation: decrypting twice what comes twice is waste */
  const queues = new Map<string, Promise<unknown>>();

  const inTurn = <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(id) ?? Promise.resolve()).then(work, work);
    queues.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  };

  const storedRows = (id: string) =>
    deps.store.readAll("messages", messageRecord, { id, from: 0, to: Number.MAX_SAFE_INTEGER });
  const valuesOf = (id: string) => async () => (await storedRows(id)).map(({ value }) => value);

  /** Judges and stores rows in their order, up to one that stops the conversation. */
  const placeAll = async (
    writer: Writer,
    id: string,
    record: ConversationRecord,
    rows: readonly Understood[],
  ): Promise<ConversationRecord> => {
    let next = record;
    for (const understood of rows) {
      next = await place(own(), writer, id, next, understood);
      if (next.blocked) break;
    }
    return next;
  };

  const forward = async (
    id: string,
    items: readonly LogItem[],
    source: "page" | "live",
  ): Promise<Received> => {
    const record = await library.record(id);
    if (!record) return "gap";
    if (record.blocked) return "blocked";
    const fresh = items.filter((item) => item.seq > record.cursor);
    if (fresh.length === 0) return "stored";
    if (source === "live" && !follows(record.cursor, fresh)) return "gap";
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.eyes(), id, before, fresh);
    const kept = await withoutReplays(own(), record, rows, isBelowNewest, valuesOf(id));
    const outcome = await deps.store.write(STORES, async (writer): Promise<Received | "again"> => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return "gap";
      // Another tab stored some of this meanwhile: judge anew from where it is.
      if (now.cursor !== record.cursor || now.head !== headN(before)) return "again";
      let next = await placeAll(writer, id, now, kept);
      const last = rows.at(-1);
      if (last && !next.blocked) next = { ...next, cursor: last.seq };
      await library.writeChain(writer, id, chain, before);
      next = { ...next, ...headOf(chain), blocked: blocked?.code ?? next.blocked };
      await writer.put("conversations", id, next);
      return next.blocked ? "blocked" : "stored";
    });
    if (outcome === "again") return forward(id, items, source);
    library.keep(id, chain);
    shared.changed(id);
    if (chain !== before) await retry(id);
    return outcome;
  };

  /** M9: a new bundle may bring the key or the manifest that placeholders waited for. */
  const retry = async (id: string): Promise<void> => {
    const record = await library.record(id);
    if (!record || record.retryable === 0) return;
    const stored = await storedRows(id);
    const items = stored.flatMap(({ key, value }) =>
      value.type === "quarantined" && value.retry && typeof key !== "string"
        ? [{ seq: key[1], at: value.at, envelope: value.envelope }]
        : [],
    );
    const { rows } = await understand(shared.eyes(), id, await library.chain(id), items);
    await deps.store.write(ROW_STORES, async (writer) => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return;
      let next = now;
      const known = stored.map(({ value }) => value);
      for (const understood of rows) {
        next = await placeRetried(own(), linksAmong(known), writer, id, next, understood);
        if (next.blocked) break;
        known.push(understood.row);
      }
      const { receipt, readSeq, retryable } = next;
      if (retryable < now.retryable && readSeq > 0) {
        // M10: what stood there unread is in its place now, where the reader has been.
        const due = receipt.due ?? { seq: readSeq, at: deps.now() };
        next = { ...next, receipt: { ...receipt, due } };
      }
      await writer.put("conversations", id, next);
    });
    shared.changed(id);
  };

  const backward = async (id: string, items: readonly LogItem[], from = 1): Promise<void> => {
    const record = await library.record(id);
    if (!record) return;
    const older = items.filter((item) => item.seq < record.oldest);
    const chain: Chain = await library.chain(id);
    const { rows, blocked } = await understand(shared.eyes(), id, chain, older);
    const kept = await withoutReplays(own(), record, rows.toReversed(), isNotOlder, valuesOf(id));
    await deps.store.write(ROW_STORES, async (writer) => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return;
      // C5: the bundles of old places are known; with another one there, nothing around it counts.
      let next: ConversationRecord = { ...now, blocked: blocked?.code ?? now.blocked };
      for (const understood of blocked ? [] : kept) {
        // Another tab may have stored some of this meanwhile.
        if (understood.seq >= now.oldest) continue;
        next = await placeOlder(own(), writer, id, next, understood);
        if (next.blocked !== now.blocked) break;
      }
      // The server has nothing before its first item, whatever seq that has.
      const oldest = Math.min(now.oldest, rows[0]?.seq ?? from);
      if (next.blocked === now.blocked) {
        next = { ...next, oldest };
        const present = new Set(rows.map(({ seq }) => seq));
        const span = { from: oldest, to: now.oldest - 1 };
        next = await clearHoles(writer, own(), id, next, span, present);
      }
      if (next.oldest === 1 && now.oldest > 1) await placeBeginnings(writer, id, next);
      await writer.put("conversations", id, next);
    });
    shared.changed(id);
  };

  const tail = async (
    id: string,
    items: readonly LogItem[],
    lastSeq: number,
  ): Promise<Received> => {
    const record = await library.record(id);
    if (!record) return "gap";
    if (record.cursor > 0) return "stored";
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.eyes(), id, before, items);
    // K13: what is older than the first envelope of a tail is read backwards when it is wanted.
    const oldest = rows.find(({ row }) => row.type !== "bundle")?.seq ?? 1;
    const start = { ...EMPTY_LINKS, oldest };
    const kept = await withoutReplays(
      own(),
      { ...record, ...start },
      rows,
      isBelowNewest,
      valuesOf(id),
    );
    const outcome = await deps.store.write(STORES, async (writer): Promise<Received> => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return "gap";
      if (now.cursor > 0) return "stored";
      let next = await placeAll(writer, id, { ...now, ...start, blocked: null }, kept);
      if (!next.blocked && !blocked) next = { ...next, cursor: Math.max(lastSeq, next.cursor) };
      await library.writeChain(writer, id, chain, before);
      next = { ...next, ...headOf(chain), blocked: blocked?.code ?? next.blocked };
      await writer.put("conversations", id, next);
      return next.blocked ? "blocked" : "stored";
    });
    library.keep(id, chain);
    shared.changed(id);
    return outcome;
  };

  return {
    forward: (id, items, source) => inTurn(id, () => forward(id, items, source)),
    backward: (id, items, from) => inTurn(id, () => backward(id, items, from)),
    tail: (id, items, lastSeq) => inTurn(id, () => tail(id, items, lastSeq)),
  };
}
