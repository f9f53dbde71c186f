import * as z from "zod/mini";
import { C1, C2, accountNamed } from "../../ids.test-kit.ts";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { expect, test } from "vitest";
import { memoryWriter } from "../store/memory-writer.test-kit.ts";
import { chainEndsRecord, conversationRecord, readingRecord } from "../store/records.ts";
import { beginKeptIn, changeKeptIn, openKeptIn } from "./keep.ts";
import { newConversation } from "./kept.ts";
import { cursorReached, messageChained, placeStored } from "./log-transitions.ts";
import { membersSeen, receiptDue, serverStateHeard } from "./reading-transitions.ts";
import { ownTipMoved } from "./sending-transitions.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const me = { account: bytes(32, 1), device: bytes(32, 2) };
const kept = newConversation({ title: "Ana", owner: me.account, createdAt: 10 });

const message = {
  type: "message" as const,
  at: 100,
  account: bytes(32, 3),
  device: bytes(32, 4),
  deviceSeq: 1,
  messageId: bytes(16, 5),
  digest: bytes(32, 6),
  prev: null,
  body: { kind: "text" as const, text: "hello" },
  missingBefore: false,
};

/** One transaction, and the stores that it wrote since the conversation began. */
async function begun() {
  const writer = memoryWriter();
  const written: string[] = [];
  const put: typeof writer.put = (store, key, schema, value) => {
    written.push(store);
    return writer.put(store, key, schema, value);
  };
  await beginKeptIn(writer, C1, kept);
  return { writer: { ...writer, put }, written };
}

test("K8 what is begun is kept as it was, and nothing is kept of another", async () => {
  const { writer } = await begun();
  expect((await openKeptIn(writer, C1))?.kept).toEqual(kept);
  expect(await openKeptIn(writer, C2)).toBeNull();
  expect(await changeKeptIn(writer, C2, (it) => it)).toBe(false);
});

test("that somebody is here, has received or read is written without record and chains", async () => {
  const { writer, written } = await begun();
  const received = [{ account: message.account, seq: 3 }];
  const members = new Set([accountNamed("ana"), accountIdText(message.account)]);
  await changeKeptIn(writer, C1, (it) => membersSeen(it, [accountNamed("ana")], 50, members));
  await changeKeptIn(writer, C1, (it) => serverStateHeard(it, { lastSeq: 0, received }, members));
  await changeKeptIn(writer, C1, (it) => receiptDue(it, 3, 60));
  expect(written).toEqual(["reading", "reading", "reading"]);
});

test("another's message is written without what is known of reading, an own number alone", async () => {
  const { writer, written } = await begun();
  await changeKeptIn(writer, C1, (it) =>
    placeStored(messageChained(it, 1, message), 1, message, me),
  );
  expect(written).toEqual(["conversations", "chainEnds"]);
  await changeKeptIn(writer, C1, (it) => ownTipMoved(it, { deviceSeq: 1, digest: bytes(32, 7) }));
  expect(written.slice(2)).toEqual(["chainEnds"]);
});

test("what changes nothing writes nothing", async () => {
  const { writer, written } = await begun();
  await changeKeptIn(writer, C1, (it) => cursorReached(it, 0));
  await changeKeptIn(writer, C1, (it) => ownTipMoved(it, it.own));
  await changeKeptIn(writer, C1, () => null);
  expect(written).toEqual([]);
});

test("what stood in one record before is found, and becomes three when it changes", async () => {
  const writer = memoryWriter();
  const before = { ...kept, own: { deviceSeq: 4, digest: bytes(32, 7) }, seen: { ana: 9 } };
  await writer.put("conversations", C1, z.unknown(), before);
  expect((await openKeptIn(writer, C1))?.kept).toEqual(before);
  await changeKeptIn(writer, C1, (it) => cursorReached(it, 2));
  expect((await openKeptIn(writer, C1))?.kept).toEqual({ ...before, cursor: 2 });
  expect((await writer.get("chainEnds", C1, chainEndsRecord))?.own.deviceSeq).toBe(4);
  expect((await writer.get("reading", C1, readingRecord))?.seen).toEqual({ ana: 9 });
  expect(await writer.get("conversations", C1, conversationRecord)).not.toHaveProperty("tips");
});
