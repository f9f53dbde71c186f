import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import type { Content } from "../../../core/messages/content.ts";
import { newConversation } from "../conversation/kept.ts";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { type MessageRow, type OutboxRecord, outboxRecord } from "../store/records.ts";
import { row } from "../timeline/effects-view.test-kit.ts";
import { place } from "./place.ts";
import { dropPointlessEdits, isPointless } from "./pointless-edits.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const account = bytes(32, 1);
const own = { account, device: bytes(32, 2) };
const empty = newConversation({ title: "Ana", owner: account, createdAt: 10 });

const sent: MessageRow = { ...row(account, 1), device: own.device, deviceSeq: 1, prev: null };
const assigned = (messageId: Uint8Array, digest: Uint8Array): OutboxRecord => ({
  messageId,
  createdAt: 1,
  body: { kind: "text", text: "x" },
  state: { state: "assigned", deviceSeq: 1, payload: bytes(8, 1), digest, prev: null },
});

/** What is left of an outbox of these entries when the own message comes back from the log. */
async function arrived(entries: readonly (OutboxRecord | null)[]) {
  const writer = memoryWriter();
  for (const [i, entry] of entries.entries()) {
    if (entry) await writer.put("outbox", [C1, i + 1], outboxRecord, entry);
  }
  const kept = { ...empty, outbox: entries.map((_, i) => i + 1) };
  const after = await place(own, writer, C1, kept, { seq: 1, row: sent });
  return { outbox: after.outbox, blocked: after.blocked };
}

test("M6 the entry that the log shows leaves the outbox, and no other: not one that is gone, not one of another id", async () => {
  const mine = assigned(sent.messageId, sent.digest);
  const another = assigned(bytes(16, 9), bytes(32, 9));
  expect(await arrived([mine])).toEqual({ outbox: [], blocked: null });
  expect(await arrived([another, mine])).toEqual({ outbox: [1], blocked: null });
  expect(await arrived([null, mine])).toEqual({ outbox: [1], blocked: null });
});

const CLONED = { kind: "proof", code: "cloned" };
test("M6 an own message that was never in the outbox, or says something else, is a clone's", async () => {
  expect((await arrived([])).blocked).toEqual(CLONED);
  expect((await arrived([assigned(bytes(16, 9), bytes(32, 9))])).blocked).toEqual(CLONED);
  expect((await arrived([assigned(sent.messageId, bytes(32, 9))])).blocked).toEqual(CLONED);
});

const target = { device: own.device, deviceSeq: 1, digest: bytes(32, 5), seq: 1 };
const deletion: Content = { kind: "deletion", target };
const edit = (digest = target.digest, state: OutboxRecord["state"] = { state: "queued" }) => ({
  ...assigned(bytes(16, 9), bytes(32, 9)),
  body: { kind: "edit" as const, target: { ...target, digest }, text: "y" },
  state,
});

test("M5 an edit of what is to be deleted is pointless, unless it may be on its way", () => {
  expect(isPointless(edit(), deletion)).toBe(true);
  expect(isPointless(edit(bytes(32, 6)), deletion)).toBe(false);
  expect(isPointless(edit(), { kind: "text", text: "y" })).toBe(false);
  expect(isPointless(assigned(bytes(16, 9), bytes(32, 9)), deletion)).toBe(false);
  const text = { ...edit(), body: { kind: "text" as const, text: "y" } };
  expect(isPointless(text, deletion)).toBe(false);
  const { state } = assigned(bytes(16, 9), bytes(32, 9));
  expect(isPointless(edit(target.digest, state), deletion)).toBe(false);
  expect(
    isPointless(edit(target.digest, { ...state, state: "unanswered" } as typeof state), deletion),
  ).toBe(false);
});

test("M5 with a deletion go the edits that wait; with anything else, and without an entry, nothing", async () => {
  const writer = memoryWriter();
  await writer.put("outbox", [C1, 2], outboxRecord, edit());
  let reads = 0;
  const counting: typeof writer = {
    ...writer,
    get(...given) {
      reads += 1;
      return writer.get(...given);
    },
  };
  expect(await dropPointlessEdits(counting, C1, [1, 2], { kind: "text", text: "y" })).toEqual([]);
  // A text goes into a long outbox without any of it being read.
  expect(reads).toBe(0);
  expect(await dropPointlessEdits(writer, C1, [1, 2], deletion)).toEqual([2]);
  expect(await writer.get("outbox", [C1, 2], outboxRecord)).toBeNull();
});
