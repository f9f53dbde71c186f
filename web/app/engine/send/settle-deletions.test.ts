import { expect, test } from "vitest";
import type { Content } from "../../../core/messages/content.ts";
import { C1 } from "../../ids.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import {
  type MessageRow,
  type OutboxRecord,
  marksRecord,
  messageRecord,
} from "../store/records.ts";
import { mark, me, out, row, target, them } from "../timeline/effects-view.test-kit.ts";
import { settleDeletions } from "./settle-deletions.ts";

interface Held {
  readonly kept?: Partial<KeptConversation>;
  readonly rows?: Readonly<Record<number, MessageRow>>;
  readonly waiting?: readonly OutboxRecord[];
}

/** What a device does that holds this, whose message at place 3 is deleted by a message of its own at 9. */
async function settle({ kept = {}, rows = {}, waiting = [] }: Held) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: me.account, createdAt: 1 });
  await store.write([...CONVERSATION_STORES, "messages", "marks"], async (writer) => {
    await beginKeptIn(writer, C1, { ...fresh, ...kept });
    const marks = [mark(me.account, 9, 3, { kind: "deletion" })];
    await writer.put("marks", [C1, 3], marksRecord, { marks });
    for (const [seq, one] of Object.entries(rows)) {
      await writer.put("messages", [C1, Number(seq)], messageRecord, one);
    }
  });
  const did = { said: [] as Content[], discarded: [] as number[], asked: 0, wrote: 0 };
  store.watch(() => void (did.wrote += 1));
  const isQueued = await settleDeletions(
    {
      deps: { store, now: () => 100, api: { call: () => Promise.resolve((did.asked += 1)) } },
      me: () => me,
      outbox: {
        entries: () => Promise.resolve(waiting.map((entry, i) => ({ order: i + 1, entry }))),
        add: (_: string, content: Content) => Promise.resolve(void did.said.push(content)),
        discard: (_: string, messageId: Uint8Array) =>
          Promise.resolve(void did.discarded.push(messageId[0] ?? 0)),
      },
    } as unknown as Parameters<typeof settleDeletions>[0],
    C1,
  );
  return { ...did, isQueued, left: (await keptOf(store, C1))?.editsLeft };
}

const edit = (of: number, account = me.account) => ({
  ...row(account, of + 10, { kind: "edit", target: target(of), text: "secret" }),
});
const left = [{ seq: 3, edit: 5 }];

test("M5 of what is about a deleted message only what failed is dropped; what waits goes its own way", async () => {
  const rows = { 3: row(me.account, 3, { kind: "deleted", deletedAt: 1 }), 4: row(me.account, 4) };
  const about = (n: number): Content => ({ kind: "edit", target: target(n), text: "anew" });
  const waiting = [out(1, about(3), "too_large"), out(2, about(3)), out(3, about(4), "too_large")];
  expect(await settle({ rows, waiting })).toMatchObject({ discarded: [201], isQueued: false });
});

test("M5 a deletion is said again with the account's own edits of that message, and no others", async () => {
  const rows = { 5: edit(3), 6: edit(4), 7: edit(3, them) };
  const settled = await settle({ kept: { editsLeft: left }, rows });
  const { device, deviceSeq, digest } = edit(3);
  const edits = [{ device, deviceSeq, digest, seq: 5 }];
  expect(settled.said).toEqual([{ kind: "deletion", target: target(3), edits }]);
  expect(settled).toMatchObject({ isQueued: true, left: [] });
});

test("M5 what is said again goes before the server is asked; where nothing is said, it is asked at once", async () => {
  const kept = { editsLeft: left, deletionsDue: [{ seq: 1, deletion: 2 }] };
  const queued = await settle({ kept, rows: { 5: edit(3) } });
  expect(queued).toMatchObject({ isQueued: true, asked: 0 });
  expect(await settle({ kept })).toMatchObject({ isQueued: false, asked: 1, left: [] });
});

test("C5 M5 a stopped conversation says nothing, and what it would say is not forgotten", async () => {
  const blocked = { kind: "proof" as const, code: "fork" as const };
  const settled = await settle({ kept: { editsLeft: left, blocked }, rows: { 5: edit(3) } });
  expect(settled).toMatchObject({ said: [], isQueued: false, left });
});

test("M5 where no edit is left nothing is written", async () => {
  expect(await settle({ rows: { 5: edit(3) } })).toMatchObject({ said: [], wrote: 0 });
});
