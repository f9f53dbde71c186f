import { type ConversationId, idBytes } from "../../../../workers/protocol/ids.ts";
import type { Content } from "../../../core/messages/content.ts";
import { CoreError } from "../../../core/errors.ts";
import { deletedThere } from "../../../core/messages/effects.ts";
import type { Identity } from "../account/identity.ts";
import { CONVERSATION_STORES, type OpenKept, openKeptIn } from "../conversation/keep.ts";
import { messageAcknowledged, placeholderOpened } from "../conversation/log-transitions.ts";
import {
  acknowledgedAt,
  failureNoticed,
  placeFilled,
  sendingStopped,
  wanted,
} from "../conversation/standstill-transitions.ts";
import { entriesLeft, entryQueued, ownTipMoved } from "../conversation/sending-transitions.ts";
import { MARK_STORES, putMessage } from "../log/marks.ts";
import { dropPointlessEdits } from "../log/pointless-edits.ts";
import type { Also } from "../private/drafts.ts";
import { acceptOnce } from "../store/accepted.ts";
import type { Deps } from "../store/deps.ts";
import { type OutboxRecord, marksRecord, messageRecord, outboxRecord } from "../store/records.ts";
import type { Writer } from "../store/store.ts";
import {
  type Ready,
  type OrderedEntry,
  againOf,
  assignNext,
  discardable,
  isNumbered,
  judgeTaken,
  newEntry,
  refusedFor,
  takenRow,
} from "./outbox-decisions.ts";

export interface Taken {
  readonly order: number;
  readonly seq: number;
  readonly at: number;
}

/** The durable queue of one device (A4). Each function is one transaction. */
export interface Outbox {
  /**
   * Resolves when the message is stored, and `also` with it; from then on it is never dropped. One whose idempotency
   * key was stored before changes nothing.
   */
  add(
    id: ConversationId,
    content: Content,
    how?: { readonly key: string; readonly also: Also; readonly isVolatile?: true },
  ): Promise<void>;
  /** The next entries in order, with deviceSeq and payload fixed at this first transmission. */
  assign(id: ConversationId, most: number): Promise<readonly Ready[]>;
  /**
   * The server has them: they become messages of the log. False: for some the log has to come first, and they are sent
   * again after it.
   */
  taken(id: ConversationId, taken: readonly Taken[]): Promise<boolean>;
  /** A definitive refusal frees the deviceSeq (M6): this one is kept as failed, the later ones start again. */
  failed(id: ConversationId, order: number, problem: string): Promise<void>;
  /**
   * M6: the server says that its number is taken by another message. The log shows whether somebody else holds this
   * device's keys; it is wanted, and all is kept.
   */
  contradicted(id: ConversationId, order: number): Promise<void>;
  retry(id: ConversationId, messageId: Uint8Array): Promise<boolean>;
  discard(id: ConversationId, messageId: Uint8Array): Promise<boolean>;
  entries(id: ConversationId): Promise<readonly OrderedEntry[]>;
}

const STORES = [...CONVERSATION_STORES, "messages", ...MARK_STORES] as const;

async function recordsOf(writer: Writer, id: ConversationId): Promise<OpenKept> {
  const open = await openKeptIn(writer, id);
  if (!open) throw new CoreError("not_allowed", "no such conversation");
  return open;
}

const entryAt = (writer: Writer, id: ConversationId, order: number): Promise<OutboxRecord | null> =>
  writer.get("outbox", [id, order], outboxRecord);

/** What waits under these keys, in their order, up to so many that have not failed. */
async function queueAt(
  writer: Writer,
  id: ConversationId,
  orders: readonly number[],
  most = Number.POSITIVE_INFINITY,
): Promise<OrderedEntry[]> {
  const queue: OrderedEntry[] = [];
  let going = 0;
  for (const order of orders) {
    if (going >= most) break;
    const entry = await entryAt(writer, id, order);
    if (!entry) continue;
    queue.push({ order, entry });
    if (entry.state.state !== "failed" && entry.state.state !== "uploading") going += 1;
  }
  return queue;
}

async function putAll(
  writer: Writer,
  id: ConversationId,
  changed: readonly OrderedEntry[],
): Promise<void> {
  for (const { order, entry } of changed)
    await writer.put("outbox", [id, order], outboxRecord, entry);
}

export function createOutbox(
  deps: Deps,
  me: () => Identity,
  changed: (id: ConversationId) => void,
): Outbox {
  const { store, suite } = deps;
  const write = async <T>(id: ConversationId, work: (writer: Writer) => Promise<T>): Promise<T> => {
    const result = await store.write(STORES, work);
    changed(id);
    return result;
  };

  return {
    async entries(id) {
      const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
      const rows = await store.readAll("outbox", outboxRecord, span);
      return rows.flatMap(({ key, value }) =>
        typeof key === "string" ? [] : [{ order: key[1], entry: value }],
      );
    },

    async add(id, content, how) {
      await store.write([...STORES, "state"], async (writer) => {
        if (how && !(await acceptOnce(writer, id, how.key))) return;
        const { kept, save } = await recordsOf(writer, id);
        const order = (await writer.last("outbox", id)) + 1;
        const dropped = await dropPointlessEdits(writer, id, kept.outbox, content);
        const made = newEntry(suite.random, deps.now(), content);
        const entry = how?.isVolatile ? { ...made, isVolatile: how.isVolatile } : made;
        await putAll(writer, id, [{ order, entry }]);
        await save(entryQueued(entriesLeft(kept, dropped), order));
        await how?.also(writer);
      });
      changed(id);
    },

    assign: (id, most) =>
      store.write(STORES, async (writer) => {
        const { kept, save } = await recordsOf(writer, id);
        const where = { conversation: idBytes(id), device: me().device.id };
        const queue = await queueAt(writer, id, kept.outbox, most);
        const { ready, assigned, tip } = assignNext(
          suite.random,
          where,
          kept.own,
          queue,
          most,
          deps.now(),
        );
        await putAll(writer, id, assigned);
        await save(ownTipMoved(kept, tip));
        return ready;
      }),

    taken: (id, taken) =>
      write(id, async (writer) => {
        const open = await recordsOf(writer, id);
        const own = { account: me().account, device: me().device.id };
        let { kept } = open;
        let isAll = true;
        for (const { order, seq, at } of taken) {
          // The log, in this tab or another, may have settled it first.
          const row = takenRow(await entryAt(writer, id, order), at, own);
          if (!row) continue;
          const stored = await writer.get("messages", [id, seq], messageRecord);
          const marks = await writer.get("marks", [id, seq], marksRecord);
          const isDeleted = marks !== null && deletedThere(marks.marks) !== null;
          const verdict = judgeTaken(kept, { seq, row, stored, isDeleted });
          if (verdict === "fork") {
            kept = sendingStopped(kept, "fork");
            break;
          }
          if (verdict === "later") {
            isAll = false;
            continue;
          }
          await writer.delete("outbox", [id, order]);
          kept = acknowledgedAt(entriesLeft(kept, [order]), row.deviceSeq, seq);
          if (verdict === "known") continue;
          const waited = stored?.type === "quarantined" && stored.retry;
          const put = await putMessage(writer, own, id, kept, seq, row);
          const freed = waited ? placeholderOpened(put.kept) : put.kept;
          kept = placeFilled(messageAcknowledged(freed, seq, put.shown, own), seq);
        }
        await open.save(kept);
        return isAll;
      }),

    failed: (id, order, problem) =>
      write(id, async (writer) => {
        const { kept, save } = await recordsOf(writer, id);
        const later = kept.outbox.filter((other) => other >= order);
        const queue = await queueAt(writer, id, later);
        const refused = refusedFor(problem, order, kept.own, queue);
        await putAll(writer, id, refused.changed);
        await save(ownTipMoved(kept, refused.tip));
      }),

    contradicted: (id, order) =>
      write(id, async (writer) => {
        const { kept, save } = await recordsOf(writer, id);
        if (!isNumbered(await entryAt(writer, id, order))) return;
        await save(wanted(failureNoticed(kept, "log", deps.now()), "log", deps.now()));
      }),

    retry: (id, messageId) =>
      write(id, async (writer) => {
        const { kept, save } = await recordsOf(writer, id);
        const again = againOf(await queueAt(writer, id, kept.outbox), messageId);
        if (!again) return false;
        // It goes to the end of the queue: what was written after it has gone out already.
        const order = (await writer.last("outbox", id)) + 1;
        await writer.delete("outbox", [id, again.order]);
        await putAll(writer, id, [{ order, entry: again.entry }]);
        await save(entryQueued(entriesLeft(kept, [again.order]), order));
        return true;
      }),

    discard: (id, messageId) =>
      write(id, async (writer) => {
        const { kept, save } = await recordsOf(writer, id);
        const order = discardable(await queueAt(writer, id, kept.outbox), messageId);
        if (order === null) return false;
        await writer.delete("outbox", [id, order]);
        await save(entriesLeft(kept, [order]));
        return true;
      }),
  };
}
