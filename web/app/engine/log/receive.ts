import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import { CONVERSATION_STORES, keptOf, openKeptIn } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import {
  type ThisDevice,
  cursorReached,
  historyReached,
  sendingStopped,
  tailBegun,
} from "../conversation/log-transitions.ts";
import { headAdvanced } from "../conversation/membership-transitions.ts";
import { readingOpened } from "../conversation/reading-transitions.ts";
import type { Deps } from "../store/deps.ts";
import { type Library, headN, membersOf } from "../conversation/library.ts";
import { MARK_STORES, clearHoles } from "./marks.ts";
import { place, placeBeginnings, placeOlder, placeRetried } from "./place.ts";
import { type RefusedRows, withoutRefusedRows } from "./refused-rows.ts";
import { messageRecord } from "../store/records.ts";
import { isBelowNewest, isNotOlder, numberedAmong, withoutReplays } from "./replays.ts";
import { datedInOrder, redateLater } from "./sent-at.ts";
import type { Writer } from "../store/store.ts";
import { type UnderstandContext, type Understood, understand } from "./understand.ts";

/** `gap`: something between the cursor and these items is missing; ask for the log after the cursor. */
export type ReceiveOutcome = "stored" | "gap" | "blocked";

/** A5: each of these stores all that came of it in one transaction, or nothing. */
export interface Receiver {
  /** Items after the cursor. A page is what the server has, holes and all; live items must follow directly. */
  forward(
    id: ConversationId,
    items: readonly LogItem[],
    source: "page" | "live",
  ): Promise<ReceiveOutcome>;
  /** Items before the oldest stored place; `from`: what they begin with if there are none (M5). */
  backward(id: ConversationId, items: readonly LogItem[], from?: number): Promise<void>;
  /** K13: every bundle and the newest envelopes, for a device that has nothing yet. */
  tail(id: ConversationId, items: readonly LogItem[], lastSeq: number): Promise<ReceiveOutcome>;
}

interface Shared {
  readonly deps: Deps;
  readonly library: Library;
  readonly context: () => UnderstandContext;
  readonly own: () => ThisDevice;
  readonly changed: (id: ConversationId) => void;
}

const ROW_STORES = [...CONVERSATION_STORES, "messages", ...MARK_STORES] as const;
const STORES = [...ROW_STORES, "bundles"] as const;

/** Of a conversation that this account is no member of, nobody counts. */
function withHead(kept: KeptConversation, chain: BundleChain, self: Uint8Array): KeptConversation {
  const members = membersOf(chain);
  return headAdvanced(kept, headN(chain), members.has(accountIdText(self)) ? members.size : 0);
}

/** Whether live items follow the cursor and each other: with less, something is still on its way, or was hidden. */
const follows = (cursor: number, items: readonly LogItem[]): boolean =>
  items.every(({ seq }, i) => seq === cursor + 1 + i);

export function createReceiver(shared: Shared): Receiver {
  const { deps, library, own } = shared;
  /** one at a time for each conversation: decrypting twice what comes twice is waste */
  const queues = new Map<string, Promise<unknown>>();

  const inTurn = <T>(id: ConversationId, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(id) ?? Promise.resolve()).then(work, work);
    queues.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  };

  const storedRows = (id: ConversationId) =>
    deps.store.readAll("messages", messageRecord, { id, from: 0, to: Number.MAX_SAFE_INTEGER });
  const valuesOf = (id: ConversationId) => async () =>
    (await storedRows(id)).map(({ value }) => value);

  const storing = <T>(
    stores: typeof STORES | typeof ROW_STORES,
    work: (writer: Writer, refused: RefusedRows) => Promise<T>,
  ): Promise<T> =>
    withoutRefusedRows((refused) => deps.store.write(stores, (writer) => work(writer, refused)));

  /** Judges and stores rows in their order, up to one that stops the conversation. */
  const placeAll = async (
    writer: Writer,
    id: ConversationId,
    kept: KeptConversation,
    rows: readonly Understood[],
    refused: RefusedRows,
  ): Promise<KeptConversation> => {
    let next = kept;
    for (const row of rows) {
      const understood = refused.standIn(row);
      const before = next;
      next = await refused.placing(row.seq, () => place(own(), writer, id, before, understood));
      if (next.blocked) break;
    }
    return next;
  };

  const forward = async (
    id: ConversationId,
    items: readonly LogItem[],
    source: "page" | "live",
  ): Promise<ReceiveOutcome> => {
    const record = await keptOf(deps.store, id);
    if (!record) return "gap";
    if (record.blocked) return "blocked";
    const fresh = items.filter((item) => item.seq > record.cursor);
    if (fresh.length === 0) return "stored";
    if (source === "live" && !follows(record.cursor, fresh)) return "gap";
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.context(), id, before, fresh);
    const unseen = await withoutReplays(own(), record, rows, isBelowNewest, valuesOf(id));
    const outcome = await storing(
      STORES,
      async (writer, refused): Promise<ReceiveOutcome | "again"> => {
        const open = await openKeptIn(writer, id);
        if (!open) return "gap";
        const now = open.kept;
        // Another tab stored some of this meanwhile: judge anew from where it is.
        if (now.cursor !== record.cursor || now.head !== headN(before)) return "again";
        let next = await placeAll(writer, id, now, unseen, refused);
        const last = rows.at(-1);
        if (last && !next.blocked) next = cursorReached(next, last.seq);
        await library.writeChain(writer, id, chain, before);
        next = sendingStopped(withHead(next, chain, own().account), blocked?.code ?? null);
        await open.save(next);
        return next.blocked ? "blocked" : "stored";
      },
    );
    if (outcome === "again") return forward(id, items, source);
    library.keep(id, chain);
    shared.changed(id);
    if (chain !== before) await retry(id);
    return outcome;
  };

  /** M9: a new bundle may bring the key or the manifest that placeholders waited for. */
  const retry = async (id: ConversationId): Promise<void> => {
    const record = await library.record(id);
    if (!record || record.retryable === 0) return;
    const stored = await storedRows(id);
    const items = stored.flatMap(({ key, value }) =>
      value.type === "quarantined" && value.retry && typeof key !== "string"
        ? [{ seq: key[1], at: value.at, envelope: value.envelope }]
        : [],
    );
    const { rows } = await understand(shared.context(), id, await library.chain(id), items);
    await deps.store.write(ROW_STORES, async (writer) => {
      const open = await openKeptIn(writer, id);
      if (!open) return;
      const now = open.kept;
      let next = now;
      const known = stored.map(({ value }) => value);
      for (const understood of rows) {
        next = await placeRetried(own(), numberedAmong(known), writer, id, next, understood);
        if (next.blocked) break;
        known.push(understood.row);
      }
      if (next.retryable < now.retryable) next = readingOpened(next, deps.now());
      await open.save(next);
    });
    shared.changed(id);
  };

  const backward = async (
    id: ConversationId,
    items: readonly LogItem[],
    from = 1,
  ): Promise<void> => {
    const record = await keptOf(deps.store, id);
    if (!record) return;
    const older = items.filter((item) => item.seq < record.oldest);
    const chain: BundleChain = await library.chain(id);
    const { rows: shown, blocked } = await understand(shared.context(), id, chain, older);
    const { rows, floors } = datedInOrder(shown);
    const unseen = await withoutReplays(own(), record, rows.toReversed(), isNotOlder, valuesOf(id));
    await storing(ROW_STORES, async (writer, refused) => {
      const open = await openKeptIn(writer, id);
      if (!open) return;
      const now = open.kept;
      // C5: the bundles of old places are known; with another one there, nothing around it counts.
      let next = sendingStopped(now, blocked?.code ?? null);
      for (const row of blocked ? [] : unseen) {
        // Another tab may have stored some of this meanwhile.
        if (row.seq >= now.oldest) continue;
        const understood = refused.standIn(row);
        const before = next;
        const placing = () => placeOlder(own(), writer, id, before, understood);
        next = await refused.placing(row.seq, placing);
        if (next.blocked !== now.blocked) break;
      }
      // The server has nothing before its first item, whatever seq that has.
      const oldest = Math.min(now.oldest, rows[0]?.seq ?? from);
      if (next.blocked === now.blocked) {
        await redateLater(writer, id, now, floors);
        next = historyReached(next, oldest);
        const present = new Set(rows.map(({ seq }) => seq));
        const span = { from: oldest, to: now.oldest - 1 };
        next = await clearHoles(writer, own(), id, next, span, present);
      }
      if (next.oldest === 1 && now.oldest > 1) await placeBeginnings(writer, id, next);
      await open.save(next);
    });
    shared.changed(id);
  };

  const tail = async (
    id: ConversationId,
    items: readonly LogItem[],
    lastSeq: number,
  ): Promise<ReceiveOutcome> => {
    const record = await keptOf(deps.store, id);
    if (!record) return "gap";
    if (record.cursor > 0) return "stored";
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.context(), id, before, items);
    // K13: what is older than the first envelope of a tail is read backwards when it is wanted.
    const oldest = rows.find(({ row }) => row.type !== "bundle")?.seq ?? 1;
    const unseen = await withoutReplays(
      own(),
      tailBegun(record, oldest),
      rows,
      isBelowNewest,
      valuesOf(id),
    );
    const outcome = await storing(STORES, async (writer, refused): Promise<ReceiveOutcome> => {
      const open = await openKeptIn(writer, id);
      if (!open) return "gap";
      if (open.kept.cursor > 0) return "stored";
      let next = await placeAll(writer, id, tailBegun(open.kept, oldest), unseen, refused);
      if (!next.blocked && !blocked) next = cursorReached(next, lastSeq);
      await library.writeChain(writer, id, chain, before);
      next = sendingStopped(withHead(next, chain, own().account), blocked?.code ?? null);
      await open.save(next);
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
