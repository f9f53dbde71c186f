import { equalBytes } from "../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../workers/protocol/frames.ts";
import { type Own, absorb, counts, judgeNext, withLink } from "./absorb.ts";
import type { Deps } from "./deps.ts";
import { type Chain, type Library, headN } from "./library.ts";
import { place, placeOlder, placeRetried } from "./place.ts";
import {
  type ConversationRecord,
  type MessageRecord,
  conversationRecord,
  messageRecord,
} from "./records.ts";
import { type Eyes, type Understood, understand } from "./understand.ts";

/** `gap`: something between the cursor and these items is missing; ask for the log after the cursor. */
export type Received = "stored" | "gap" | "blocked";

export interface Receiver {
  /** Items after the cursor. A page is what the server has, holes and all; live items must follow directly. */
  forward(id: string, items: readonly LogItem[], source: "page" | "live"): Promise<Received>;
  /** Items before the oldest stored place. */
  backward(id: string, items: readonly LogItem[]): Promise<void>;
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

const STORES = ["conversations", "bundles", "messages", "outbox"] as const;

/** A link below the newest one of its device: the rows tell a duplicate from a fork (M6). */
async function lookUp(
  { deps }: Shared,
  id: string,
  message: Extract<MessageRecord, { type: "message" }>,
): Promise<"duplicate" | "fork"> {
  const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
  const rows = await deps.store.readAll("messages", messageRecord, span);
  const twin = rows.find(
    ({ value }) =>
      value.type === "message" &&
      equalBytes(value.device, message.device) &&
      value.deviceSeq === message.deviceSeq,
  );
  return twin?.value.type === "message" && equalBytes(twin.value.digest, message.digest)
    ? "duplicate"
    : "fork";
}

/** What the record says of the newest bundle. */
export const headOf = (chain: Chain): Pick<ConversationRecord, "head" | "members"> => ({
  head: headN(chain),
  members: chain.conversation?.bundles.at(-1)?.core.roster.length ?? 0,
});

export function createReceiver(shared: Shared): Receiver {
  const { deps, library } = shared;
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

  /** Duplicates below a device's newest link are judged before the transaction, for it may await nothing else. */
  const withoutOld = async (
    id: string,
    record: ConversationRecord,
    rows: readonly Understood[],
  ) => {
    const kept: Understood[] = [];
    let state = record;
    for (const understood of rows) {
      const { row } = understood;
      const foreign = row.type === "message" && !equalBytes(row.device, shared.own().device);
      if (foreign && judgeNext(state, row) === "look-up") {
        if ((await lookUp(shared, id, row)) === "duplicate") continue;
      } else if (foreign) state = withLink(state, understood.seq, row);
      kept.push(understood);
    }
    return kept;
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
    const [first] = fresh;
    if (!first) return "stored";
    if (source === "live" && first.seq !== record.cursor + 1) return "gap";
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.eyes(), id, before, fresh);
    const kept = await withoutOld(id, record, rows);
    const outcome = await deps.store.write(STORES, async (writer): Promise<Received | "again"> => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return "gap";
      // Another tab stored some of this meanwhile: judge anew from where it is.
      if (now.cursor !== record.cursor || now.head !== headN(before)) return "again";
      let next: ConversationRecord = now;
      for (const understood of kept) {
        next = await place(shared.own(), writer, id, next, understood);
        if (next.blocked) break;
      }
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
    const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
    const stored = await deps.store.readAll("messages", messageRecord, span);
    const items = stored.flatMap(({ key, value }) =>
      value.type === "quarantined" && value.retry && typeof key !== "string"
        ? [{ seq: key[1], at: value.at, envelope: value.envelope }]
        : [],
    );
    const { rows } = await understand(shared.eyes(), id, await library.chain(id), items);
    await deps.store.write(["conversations", "messages"], async (writer) => {
      let next = await writer.get("conversations", id, conversationRecord);
      if (!next) return;
      for (const understood of rows) next = await placeRetried(writer, id, next, understood);
      await writer.put("conversations", id, next);
    });
    shared.changed(id);
  };

  const backward = async (id: string, items: readonly LogItem[]): Promise<void> => {
    const record = await library.record(id);
    if (!record) return;
    const older = items.filter((item) => item.seq < record.oldest);
    const chain: Chain = await library.chain(id);
    const { rows } = await understand(shared.eyes(), id, chain, older);
    await deps.store.write(["conversations", "messages"], async (writer) => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now) return;
      let next: ConversationRecord = now;
      for (const understood of rows.toReversed()) {
        if (understood.seq < now.oldest) next = await placeOlder(writer, id, next, understood);
      }
      // The server has nothing before its first item, whatever seq that has.
      const first = rows[0]?.seq ?? 1;
      await writer.put("conversations", id, { ...next, oldest: Math.min(now.oldest, first) });
    });
    shared.changed(id);
  };

  const tail = async (
    id: string,
    items: readonly LogItem[],
    lastSeq: number,
  ): Promise<Received> => {
    const before = await library.chain(id);
    const { chain, rows, blocked } = await understand(shared.eyes(), id, before, items);
    const envelopes = items.filter((item) => "envelope" in item);
    const stretch = envelopes[0]?.seq ?? 1;
    await deps.store.write(STORES, async (writer) => {
      const now = await writer.get("conversations", id, conversationRecord);
      if (!now || now.cursor > 0) return;
      let next: ConversationRecord = now;
      for (const { seq, row } of rows) {
        await writer.put("messages", [id, seq], row);
        if (row.type === "message") next = withLink(next, seq, row);
        next = absorb(next, seq, row, shared.own());
      }
      await library.writeChain(writer, id, chain, before);
      await writer.put("conversations", id, {
        ...next,
        ...headOf(chain),
        oldest: stretch,
        cursor: blocked ? (rows.at(-1)?.seq ?? 0) : Math.max(lastSeq, next.cursor),
        blocked: blocked?.code ?? null,
      });
    });
    library.keep(id, chain);
    shared.changed(id);
    return blocked ? "blocked" : "stored";
  };

  return {
    forward: (id, items, source) => inTurn(id, () => forward(id, items, source)),
    backward: (id, items) => inTurn(id, () => backward(id, items)),
    tail: (id, items, lastSeq) => inTurn(id, () => tail(id, items, lastSeq)),
  };
}

/** Unread messages among stored rows after `readSeq`. */
export const unreadAmong = (
  rows: readonly { readonly seq: number; readonly row: MessageRecord }[],
  readSeq: number,
  own: Own,
): number => rows.filter(({ seq, row }) => counts(row, seq, { readSeq }, own)).length;
