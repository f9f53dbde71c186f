import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { newConversation } from "../conversation/kept.ts";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { type MessageRow, messageRecord, outboxRecord } from "../store/records.ts";
import { row } from "../timeline/effects-view.test-kit.ts";
import { place, placeOlder } from "./place.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const account = bytes(32, 1);
const own = { account, device: bytes(32, 2) };
const empty = newConversation({ title: "Ana", owner: account, createdAt: 10 });

/** The first message of a device that its account added since it came here. */
const first = (device: Uint8Array): MessageRow => ({
  ...row(account, 1),
  device,
  deviceSeq: 1,
  prev: null,
  newDevice: true,
});

const isNews = async (writer: ReturnType<typeof memoryWriter>, seq: number) => {
  const stored = await writer.get("messages", [C1, seq], messageRecord);
  return stored?.type === "message" && stored.newDevice === true;
};

test.each([
  ["this device", own.device, false],
  ["another one", bytes(32, 7), true],
])("C8 a new device is news to others alone: %s", async (_, device, expected) => {
  const understood = { seq: 1, row: first(device) };
  const sought = { ...empty, ownChain: "sought" as const };
  for (const put of [place, placeOlder]) {
    const writer = memoryWriter();
    expect((await put(own, writer, C1, sought, understood)).blocked).toBeNull();
    expect(await isNews(writer, 1)).toBe(expected);
  }
});

test("C8 what this device sent first comes back from the log, and is no news", async () => {
  const writer = memoryWriter();
  const { messageId, digest, prev, deviceSeq } = first(own.device);
  const state = { state: "assigned" as const, deviceSeq, payload: bytes(8, 1), digest, prev };
  await writer.put("outbox", [C1, 1], outboxRecord, {
    messageId,
    createdAt: 1,
    body: { kind: "text", text: "x" },
    state,
  });
  const kept = { ...empty, outbox: [1] };
  const after = await place(own, writer, C1, kept, { seq: 1, row: first(own.device) });
  expect([after.outbox, after.blocked]).toEqual([[], null]);
  expect(await isNews(writer, 1)).toBe(false);
});
