import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { type MessageRow, messageRecord } from "../store/records.ts";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { nameDeleted, withHole } from "./missing.ts";

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill);
const author = bytes(1);
const peer = bytes(2);
const device = bytes(3);
const digest = bytes(9);

const row: MessageRow = {
  type: "message",
  at: 5,
  account: author,
  device,
  deviceSeq: 3,
  messageId: bytes(4, 16),
  digest: bytes(5),
  prev: digest,
  missingBefore: false,
  sentAt: 5,
  body: { kind: "text", text: "after the hole" },
};

/** Number 2 is missing; whoever is named says that they deleted it. */
async function missingAfter(names: readonly (readonly [Uint8Array, Uint8Array])[]) {
  const writer = memoryWriter();
  await writer.put("messages", [C1, 4], messageRecord, await withHole(writer, C1, 4, row, 2));
  for (const [account, named] of names) {
    await nameDeleted(writer, C1, account, { device, deviceSeq: 2, digest: named, seq: 3 });
  }
  const after = await writer.get("messages", [C1, 4], messageRecord);
  return after?.type === "message" && after.missingBefore;
}

test("M5 as many digests as a peer makes up, its author's deletion explains the hole", async () => {
  const madeUp = Array.from({ length: 65 }, (_, i) => [peer, bytes(100 + i)] as const);
  expect(await missingAfter(madeUp)).toBe(true);
  expect(await missingAfter([[author, digest]])).toBe(false);
  expect(await missingAfter([...madeUp, [author, digest]])).toBe(false);
  // Of one account there is a bound still: what it made up itself is its own loss (positive control).
  const own = madeUp.map(([, named]) => [author, named] as const);
  expect(await missingAfter([...own, [author, digest]])).toBe(true);
});
