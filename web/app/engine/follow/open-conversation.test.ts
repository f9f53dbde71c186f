import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import {
  type ConversationDown,
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../../workers/protocol/version.ts";
import { C1 } from "../../ids.test-kit.ts";
import { newConversation } from "../conversation/kept.ts";
import { FakeSocket, fakeSockets } from "../wire/fake-socket.test-kit.ts";
import { openConversation } from "./open-conversation.ts";

beforeEach(fakeSockets);
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const account = new Uint8Array(32).fill(1);
const message = { messageId: new Uint8Array(16).fill(2), envelope: new Uint8Array([3]) };
const state = {
  head: { n: 0, hash: new Uint8Array(32) },
  lastSeq: 9,
  deviceSeq: 0,
  received: [],
  receipts: [],
};
const welcome = (behind: boolean): ConversationDown => ({
  t: "welcome",
  v: PROTOCOL_VERSION,
  state,
  behind,
  present: [],
});
const log: ConversationDown = {
  t: "log",
  items: [{ seq: 9, at: 1, envelope: new Uint8Array([1]) }],
};

/** A conversation on screen, and what it does at what the server says. */
function conversation() {
  const did: string[] = [];
  const note = (what: string) => () => void did.push(what);
  const later = (what: string) => () => Promise.resolve(void did.push(what));
  const fresh = newConversation({ title: "Ana", owner: account, createdAt: 1 });
  const held = { ...fresh, cursor: 8 };
  const open = openConversation(C1, {
    library: { kept: () => Promise.resolve({ ...held }) },
    receiver: { forward: () => Promise.resolve("stored") },
    baseline: () => Promise.resolve(null),
    catchUp: {
      learn: () => Promise.resolve(),
      newer: later("caught up"),
      askAgain: () => Promise.resolve(),
    },
    ready: note("ready"),
    renew: later("renewed"),
    elsewhere: note("elsewhere"),
    connected: () => undefined,
    receipts: { take: () => Promise.resolve(), flush: () => undefined, refused: () => undefined },
    activity: {
      welcomed: note("welcomed"),
      lost: () => undefined,
      heard: () => undefined,
      arrived: note("arrived"),
    },
  } as unknown as Parameters<typeof openConversation>[1]);
  const socket = () => {
    const [made] = FakeSocket.made;
    if (!made) throw new RangeError("no socket");
    return made;
  };
  const sent = () => socket().sent.map((frame) => decodeConversationUp(frame));
  return {
    did,
    held,
    open,
    said: (t: string) => sent().filter((frame) => frame.t === t),
    /** What the server says, once the device has said hello; then what was said so far is done. */
    async hears(...frames: readonly ConversationDown[]) {
      if (socket().sent.length === 0) socket().dispatchEvent(new Event("open"));
      await vi.waitFor(() => expect(sent()[0]?.t).toBe("hello"), { timeout: 20_000 });
      const mark = new Uint8Array(16).fill(socket().sent.length);
      for (const frame of [...frames, { t: "page", mark, more: false } as const]) {
        socket().feed(encodeConversationDown(frame));
      }
      await vi.waitFor(() => expect(sent()).toContainEqual({ t: "taken", mark }));
    },
  };
}

test("a device that is too far behind for the socket reads the log first and says hello again", async () => {
  const { did, open, said, hears } = conversation();
  await hears(welcome(true));
  expect([did, said("hello").length, open.welcomed()]).toEqual([["caught up"], 2, false]);
  await hears(welcome(false));
  expect([did.slice(1), said("hello").length]).toEqual([["welcomed", "ready"], 2]);
  expect(open.welcomed()).toBe(true);
  open.close();
});

test("envelopes go by a socket that is live, and by no other", async () => {
  const { open, said, hears } = conversation();
  await hears();
  expect(open.transmit([message])).toBeNull();
  expect(said("send")).toEqual([]);
  await hears(welcome(false));
  const answer = open.transmit([message]);
  expect(said("send")).toHaveLength(1);
  open.close();
  expect(await answer).toEqual([{ type: "unanswered" }]);
});

test("what is stored here is confirmed as it rises, and once", async () => {
  const { held, open, said, hears } = conversation();
  await hears(welcome(false), log, log);
  expect(said("received")).toEqual([{ t: "received", seq: 8 }]);
  held.cursor = 9;
  await hears(log, log);
  expect(said("received").slice(1)).toEqual([{ t: "received", seq: 9 }]);
  open.close();
});

test("a conversation whose place other tabs took rests until it is hurried; a lost one comes back", () => {
  vi.useFakeTimers();
  const { did, open } = conversation();
  FakeSocket.made[0]?.end(CLOSE.elsewhere);
  vi.advanceTimersByTime(60_000);
  expect([did, FakeSocket.made.length]).toEqual([["elsewhere"], 1]);
  open.hurry();
  FakeSocket.made[1]?.end(1006);
  vi.advanceTimersByTime(10_000);
  expect([did, FakeSocket.made.length]).toEqual([["elsewhere"], 3]);
  open.close();
});
