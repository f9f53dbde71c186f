import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { idBytes, parseConversationId } from "../../../../workers/protocol/ids.ts";
import { CoreError } from "../../../core/errors.ts";
import { type Assigned, assignMessage, newMessageId } from "../../../core/messages/payload.ts";
import { acknowledged } from "../conversation/log-transitions.ts";
import { acceptOnce } from "../store/accepted.ts";
import type { Deps } from "../store/deps.ts";
import type { Also } from "../private/drafts.ts";
import type { Identity } from "../account/identity.ts";
import { MARK_STORES, putMessage } from "../log/marks.ts";
import {
  type ConversationRecord,
  type Draft,
  type MessageRow,
  type OutboxRecord,
  conversationRecord,
  outboxRecord,
} from "../store/records.ts";
import { withoutEdits } from "../log/pointless-edits.ts";
import type { Writer } from "../store/store.ts";

/** An entry that may be transmitted: its payload is fixed. */
export interface Ready {
  readonly order: number;
  readonly message: Assigned;
}

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
  add(id: string, draft: Draft, how?: { readonly key: string; readonly also: Also }): Promise<void>;
  /** The next entries in order, with deviceSeq and payload fixed at this first transmission. */
  assign(id: string, most: number): Promise<readonly Ready[]>;
  /** The server has them: they become messages of the log. */
  taken(id: string, taken: readonly Taken[]): Promise<void>;
  /** A definitive refusal frees the deviceSeq (M6): this one is kept as failed, the later ones start again. */
  failed(id: string, order: number, problem: string): Promise<void>;
  /** M6: another holder of this device's keys took its number: the conversation stops, and all is kept. */
  cloned(id: string, order: number): Promise<void>;
  retry(id: string, messageId: Uint8Array): Promise<boolean>;
  discard(id: string, messageId: Uint8Array): Promise<boolean>;
  entries(id: string): Promise<readonly { readonly order: number; readonly entry: OutboxRecord }[]>;
}

const STORES = ["conversations", "messages", ...MARK_STORES] as const;

function messageOf(me: Identity, entry: OutboxRecord, at: number): MessageRow | null {
  if (entry.state.state !== "assigned") return null;
  const { deviceSeq, digest, prev } = entry.state;
  return {
    type: "message",
    at,
    account: me.account,
    device: me.device.id,
    deviceSeq,
    messageId: entry.messageId,
    digest,
    prev,
    sentAt: entry.createdAt,
    body: entry.draft,
    missingBefore: false,
  };
}

async function recordOf(writer: Writer, id: string): Promise<ConversationRecord> {
  const record = await writer.get("conversations", id, conversationRecord);
  if (!record) throw new CoreError("not_allowed", "no such conversation");
  return record;
}

export function createOutbox(
  deps: Deps,
  me: () => Identity,
  changed: (id: string) => void,
): Outbox {
  const { store, suite } = deps;
  const change = async <T>(id: string, work: (writer: Writer) => Promise<T>): Promise<T> => {
    const result = await store.write(STORES, work);
    changed(id);
    return result;
  };

  const find = async (
    writer: Writer,
    id: string,
    record: ConversationRecord,
    messageId: Uint8Array,
  ) => {
    for (const order of record.outbox) {
      const entry = await writer.get("outbox", [id, order], outboxRecord);
      if (entry && equalBytes(entry.messageId, messageId)) return { order, entry };
    }
    return null;
  };

  return {
    async entries(id) {
      const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
      const rows = await store.readAll("outbox", outboxRecord, span);
      return rows.flatMap(({ key, value }) =>
        typeof key === "string" ? [] : [{ order: key[1], entry: value }],
      );
    },

    async add(id, draft, how) {
      await store.write([...STORES, "state"], async (writer) => {
        if (how && !(await acceptOnce(writer, id, how.key))) return;
        const record = await recordOf(writer, id);
        const order = (await writer.last("outbox", id)) + 1;
        const createdAt = deps.now();
        const entry: OutboxRecord = {
          messageId: newMessageId(suite.random, createdAt),
          createdAt,
          draft,
          state: { state: "queued" },
        };
        const before = await withoutEdits(writer, id, record, draft);
        await writer.put("outbox", [id, order], entry);
        await writer.put("conversations", id, { ...record, outbox: [...before, order] });
        await how?.also(writer);
      });
      changed(id);
    },

    assign: (id, most) =>
      store.write(STORES, async (writer) => {
        const record = await recordOf(writer, id);
        const { device } = me();
        let tip = record.own;
        const ready: Ready[] = [];
        for (const order of record.outbox) {
          if (ready.length >= most) break;
          const entry = await writer.get("outbox", [id, order], outboxRecord);
          if (!entry || entry.state.state === "failed") continue;
          // What is written after it waits: it may have to be sent first.
          if (entry.state.state === "unanswered") break;
          if (entry.state.state === "assigned") {
            const { deviceSeq, payload, digest } = entry.state;
            ready.push({
              order,
              message: { messageId: entry.messageId, deviceSeq, payload, digest },
            });
            continue;
          }
          const before = tip.digest ? { deviceSeq: tip.deviceSeq, digest: tip.digest } : null;
          const where = { conversation: idBytes(parseConversationId(id)), device: device.id };
          const { messageId, createdAt, draft } = entry;
          const message = assignMessage(suite.random, where, before, messageId, createdAt, draft);
          const { deviceSeq, payload, digest } = message;
          const state = {
            state: "assigned" as const,
            deviceSeq,
            payload,
            digest,
            prev: tip.digest,
          };
          await writer.put("outbox", [id, order], { ...entry, state });
          tip = { deviceSeq, digest };
          ready.push({ order, message });
        }
        if (tip !== record.own) await writer.put("conversations", id, { ...record, own: tip });
        return ready;
      }),

    taken: (id, taken) =>
      change(id, async (writer) => {
        let record = await recordOf(writer, id);
        for (const { order, seq, at } of taken) {
          const entry = await writer.get("outbox", [id, order], outboxRecord);
          // The log, in this tab or another, may have settled it first.
          const message = entry && messageOf(me(), entry, at);
          if (!message) continue;
          const own = { account: me().account, device: me().device.id };
          const put = await putMessage(writer, own, id, record, seq, message);
          await writer.delete("outbox", [id, order]);
          record = acknowledged(put.record, seq, put.shown, own);
          record = { ...record, outbox: record.outbox.filter((other) => other !== order) };
        }
        await writer.put("conversations", id, record);
      }),

    failed: (id, order, problem) =>
      change(id, async (writer) => {
        const record = await recordOf(writer, id);
        let own = record.own;
        for (const later of record.outbox.filter((other) => other >= order)) {
          const entry = await writer.get("outbox", [id, later], outboxRecord);
          if (entry?.state.state !== "assigned") continue;
          const { deviceSeq, prev } = entry.state;
          if (later === order) own = { deviceSeq: deviceSeq - 1, digest: prev };
          // The server takes only the next deviceSeq, so none of the later ones can have been taken.
          const state =
            later === order ? { state: "failed" as const, problem } : { state: "queued" as const };
          await writer.put("outbox", [id, later], { ...entry, state });
        }
        await writer.put("conversations", id, { ...record, own });
      }),

    cloned: (id, order) =>
      change(id, async (writer) => {
        const record = await recordOf(writer, id);
        const entry = await writer.get("outbox", [id, order], outboxRecord);
        // Settled meanwhile, or refused and freed: then the number was not this message's any more.
        if (entry?.state.state !== "assigned") return;
        await writer.put("conversations", id, { ...record, blocked: "cloned" });
      }),

    retry: (id, messageId) =>
      change(id, async (writer) => {
        const record = await recordOf(writer, id);
        const found = await find(writer, id, record, messageId);
        if (found?.entry.state.state !== "failed") return false;
        // It goes to the end of the queue: what was written after it has gone out already.
        const order = (await writer.last("outbox", id)) + 1;
        await writer.delete("outbox", [id, found.order]);
        await writer.put("outbox", [id, order], { ...found.entry, state: { state: "queued" } });
        const outbox = [...record.outbox.filter((other) => other !== found.order), order];
        await writer.put("conversations", id, { ...record, outbox });
        return true;
      }),

    discard: (id, messageId) =>
      change(id, async (writer) => {
        const record = await recordOf(writer, id);
        const found = await find(writer, id, record, messageId);
        // What may be on its way cannot be taken back.
        const isOut = ["assigned", "unanswered"].includes(found?.entry.state.state ?? "");
        if (!found || isOut) return false;
        await writer.delete("outbox", [id, found.order]);
        const outbox = record.outbox.filter((other) => other !== found.order);
        await writer.put("conversations", id, { ...record, outbox });
        return true;
      }),
  };
}
