import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import type { BundleChain } from "../../../core/sync/bundle-chain.ts";
import { CONVERSATION_STORES, keptOf, openKeptIn } from "../conversation/keep.ts";
import type { KeptConversation } from "../conversation/kept.ts";
import {
  type ThisDevice,
  cursorReached,
  historyReached,
  tailBegun,
} from "../conversation/log-transitions.ts";
import { hasPlace } from "../conversation/place-ranges.ts";
import { isProven, isWanting, placesMissed } from "../conversation/standstill-transitions.ts";
import type { Deps } from "../store/deps.ts";
import { type Library, headN } from "../conversation/library.ts";
import { MARK_STORES, clearHoles } from "./marks.ts";
import { again, retract } from "./again.ts";
import { unheldPlaces } from "./occupied.ts";
import { place, placeBeginnings, placeOlder } from "./place.ts";
import { type RefusedRows, withoutRefusedRows } from "./refused-rows.ts";
import { messageRecord } from "../store/records.ts";
import { isBelowNewest, isNotOlder, withoutReplays } from "./replays.ts";
import { datedInOrder, redateLater } from "./sent-at.ts";
import type { Writer } from "../store/store.ts";
import {
  type UnderstandContext,
  type Understanding,
  type Understood,
  understand,
} from "./understand.ts";
import { withOlderStop, withStanding } from "./wants.ts";
import { withHead } from "./with-head.ts";

/**
 * `gap`: something between the cursor and these items is missing; ask for the log after the cursor. `wanting`: what
 * could be used is stored, and something is to be asked for again. `blocked`: over for good (C5).
 */
export type ReceiveOutcome = "stored" | "gap" | "wanting" | "blocked";

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
  /**
   * C5, M6: what came for places that are asked for again, and bundles that are held, for their shares; placeholders
   * are tried again. `isWhole`: all else that the server has is stored, so that nothing is wanted where this leaves
   * nothing to want.
   */
  again(id: ConversationId, items: readonly LogItem[], isWhole: boolean): Promise<void>;
  /** M9: the server has nothing after `lastSeq`, where this device held `cursor`. Whether what was there is gone. */
  retract(id: ConversationId, cursor: number, lastSeq: number): Promise<boolean>;
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
/** So often may another tab be faster. */
const TRIES = 8;

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
      if (isProven(next)) break;
    }
    return next;
  };

  const outcomeOf = (kept: KeptConversation): ReceiveOutcome =>
    isProven(kept) ? "blocked" : isWanting(kept) ? "wanting" : "stored";

  /** C5: while placeholders wait, they have a say in what is still wanted. */
  const standing = (kept: KeptConversation, understanding: Understanding): KeptConversation =>
    isProven(kept)
      ? kept
      : withStanding(kept, understanding, own().account, deps.now(), kept.retryable === 0);

  const forward = async (
    id: ConversationId,
    items: readonly LogItem[],
    source: "page" | "live",
    tries = 1,
  ): Promise<ReceiveOutcome> => {
    const record = await keptOf(deps.store, id);
    if (!record) return "gap";
    if (isProven(record)) return "blocked";
    const late = items.filter((item) => hasPlace(record.missed, item.seq));
    if (late.length > 0) await again(shared, id, late, false);
    const fresh = items.filter((item) => item.seq > record.cursor);
    if (fresh.length === 0) return outcomeOf(record);
    if (source === "live" && !follows(record.cursor, fresh)) return "gap";
    const before = await library.chain(id);
    const understanding = await understand(shared.context(), id, before, fresh);
    const { chain, rows } = understanding;
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
        if (last && !isProven(next)) {
          next = cursorReached(next, last.seq);
          next = placesMissed(next, unheldPlaces(record.cursor + 1, rows, last.seq));
        }
        await library.writeChain(writer, id, chain, before);
        next = standing(withHead(next, chain, own().account), understanding);
        await open.save(next);
        return outcomeOf(next);
      },
    );
    // A head without its bundles would be judged anew for ever.
    if (outcome === "again") return tries < TRIES ? forward(id, items, source, tries + 1) : "gap";
    library.keep(id, chain);
    shared.changed(id);
    const isDue = record.retryable > 0 && (chain !== before || isWanting(record));
    if (isDue && outcome !== "blocked") {
      await again(shared, id, [], understanding.blocked === null);
      const after = await keptOf(deps.store, id);
      return after ? outcomeOf(after) : outcome;
    }
    return outcome;
  };

  const backward = async (
    id: ConversationId,
    items: readonly LogItem[],
    from = 1,
  ): Promise<void> => {
    const record = await keptOf(deps.store, id);
    if (!record || isProven(record)) return;
    const older = items.filter((item) => item.seq < record.oldest);
    const chain: BundleChain = await library.chain(id);
    const understanding = await understand(shared.context(), id, chain, older);
    const { blocked, unnamed } = understanding;
    const { rows, floors } = datedInOrder(understanding.rows);
    const unseen = await withoutReplays(own(), record, rows.toReversed(), isNotOlder, valuesOf(id));
    await storing(ROW_STORES, async (writer, refused) => {
      const open = await openKeptIn(writer, id);
      if (!open) return;
      const now = open.kept;
      // C5: the bundles of old places are known; with another one there, nothing around it counts until it is asked
      // for again, and nothing is wanted for sending.
      let next = withOlderStop(now, { blocked, unnamed, rows }, deps.now());
      for (const row of blocked ? [] : unseen) {
        // Another tab may have stored some of this meanwhile.
        if (row.seq >= now.oldest) continue;
        const understood = refused.standIn(row);
        const before = next;
        const placing = () => placeOlder(own(), writer, id, before, understood);
        next = await refused.placing(row.seq, placing);
        if (isProven(next)) break;
      }
      // The server has nothing before its first item, whatever seq that has.
      const oldest = Math.min(now.oldest, rows[0]?.seq ?? from);
      if (!isProven(next) && !blocked) {
        await redateLater(writer, id, now, floors);
        next = placesMissed(next, unheldPlaces(rows[0]?.seq ?? now.oldest, rows, now.oldest - 1));
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
    const understanding = await understand(shared.context(), id, before, items);
    const { chain, rows, blocked } = understanding;
    // K13: what is older than the first envelope of a tail is read backwards when it is wanted.
    const first = rows.find(({ row }) => row.type !== "bundle")?.seq;
    // What stops before any envelope has envelopes between its bundles that were not shown.
    const oldest = first ?? (blocked ? (rows.at(-1)?.seq ?? 0) + 1 : 1);
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
      if (!isProven(next)) {
        const after = rows.filter(({ seq }) => seq >= oldest);
        const end = blocked ? next.cursor : Math.max(next.cursor, lastSeq);
        if (!blocked) next = cursorReached(next, lastSeq);
        next = placesMissed(next, unheldPlaces(oldest, after, end));
      }
      await library.writeChain(writer, id, chain, before);
      next = standing(withHead(next, chain, own().account), understanding);
      await open.save(next);
      return outcomeOf(next);
    });
    library.keep(id, chain);
    shared.changed(id);
    return outcome;
  };

  return {
    forward: (id, items, source) => inTurn(id, () => forward(id, items, source)),
    backward: (id, items, from) => inTurn(id, () => backward(id, items, from)),
    tail: (id, items, lastSeq) => inTurn(id, () => tail(id, items, lastSeq)),
    again: (id, items, isWhole) => inTurn(id, () => again(shared, id, items, isWhole)),
    retract: (id, cursor, lastSeq) => inTurn(id, () => retract(shared, id, cursor, lastSeq)),
  };
}
