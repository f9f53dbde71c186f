import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type ConversationDown,
  type InboxDown,
  type InboxRow,
  encodeConversationDown,
  encodeInboxDown,
} from "../../../../workers/protocol/frames.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { C1 } from "../../ids.test-kit.ts";
import { openInbox } from "../follow/inbox.ts";
import { openConversation } from "../follow/open-conversation.ts";
import { FakeSocket, fakeSockets } from "../wire/fake-socket.test-kit.ts";

beforeEach(fakeSockets);
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The newest socket, once what takes its frames has come and said hello. */
async function greeted(): Promise<FakeSocket> {
  const socket = FakeSocket.made.at(-1);
  if (!socket) throw new RangeError("no socket");
  socket.dispatchEvent(new Event("open"));
  await vi.waitFor(() => expect(socket.sent.length).toBeGreaterThan(0), { timeout: 20_000 });
  return socket;
}

const rowAt = (i: number): InboxRow => {
  const conversation = new Uint8Array(32);
  new DataView(conversation.buffer).setUint32(0, i);
  return { conversation, shard: 0, head: 0, lastSeq: 1, lastAt: 1, readSeq: 0, unread: 0 };
};
const snapshot = (from: number, more: boolean): Uint8Array => {
  const rows = Array.from({ length: 500 }, (_, i) => rowAt(from + i));
  return encodeInboxDown({ t: "snapshot", rows, more } satisfies InboxDown);
};

function inbox(activity: () => Promise<void> = () => Promise.resolve()) {
  const snapshots: ReadonlyMap<ConversationId, InboxRow>[] = [];
  const opened = openInbox({
    connected: () => undefined,
    elsewhere: () => undefined,
    snapshot(rows) {
      snapshots.push(rows);
      return Promise.resolve();
    },
    activity,
    record: () => undefined,
    manifest: () => undefined,
    renew: () => Promise.resolve(),
  });
  return { snapshots, close: () => opened.close() };
}

test("E1 an Inbox whose snapshot has no end is left, and one of many conversations comes whole", async () => {
  const { snapshots, close } = inbox();
  const endless = await greeted();
  let frames = 0;
  for (; !endless.isCut && frames < 1_000; frames++) endless.feed(snapshot(frames * 500, true));
  expect(endless.isCut).toBe(true);
  expect(frames).toBeLessThan(50);
  expect(snapshots).toEqual([]);
  close();
  const other = inbox();
  const honest = await greeted();
  for (let frame = 0; frame < 10; frame++) honest.feed(snapshot(frame * 500, frame < 9));
  expect(honest.isCut).toBe(false);
  expect(other.snapshots.map((rows) => rows.size)).toEqual([5_000]);
  other.close();
});

test("E1 an Inbox that tells of more than is followed is left; what is followed makes room", async () => {
  const activity = encodeInboxDown({ t: "activity", row: rowAt(1) });
  for (const [work, isCut] of [
    [() => new Promise<void>(() => undefined), true],
    [() => Promise.resolve(), false],
  ] as const) {
    const { close } = inbox(work);
    const socket = await greeted();
    for (let i = 0; i < 10_000 && !socket.isCut; i++) {
      socket.feed(activity);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(socket.isCut).toBe(isCut);
    close();
  }
});

test("E1 a conversation's socket that sends faster than its log is taken in is left; one that waits is kept", async () => {
  const log: ConversationDown = {
    t: "log",
    items: [{ seq: 1, at: 1, envelope: new Uint8Array(60_000) }],
  };
  const frame = encodeConversationDown(log);
  for (const [forward, isCut] of [
    [() => new Promise<"stored">(() => undefined), true],
    [() => Promise.resolve("stored" as const), false],
  ] as const) {
    const around = {
      library: { kept: () => Promise.resolve(null) },
      receiver: { forward },
      baseline: () => Promise.resolve(null),
      connected: () => undefined,
      activity: { arrived: () => undefined, lost: () => undefined },
    } as unknown as Parameters<typeof openConversation>[1];
    const open = openConversation(C1, around);
    const socket = await greeted();
    let fed = 0;
    for (; fed < 400 && !socket.isCut; fed++) {
      socket.feed(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(socket.isCut).toBe(isCut);
    // Eight megabytes wait at most.
    if (isCut) expect(fed).toBeLessThan(150);
    open.close();
  }
});
