import { expect, test } from "vitest";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { seededRandom } from "../../../core/people.test-kit.ts";
import { C1 } from "../../ids.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import type { Identity } from "../account/identity.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { messageRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { createOutbox } from "./outbox.ts";

const random = seededRandom("outbox in memory");
const account = random.bytes(32);
const self = { account, device: { id: random.bytes(32) } } as unknown as Identity;

/** The queue of a device that keeps one conversation, and what it read of the queue and wrote in the log. */
async function device(kept: Partial<KeptConversation> = {}) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: account, createdAt: 1 });
  await store.write(CONVERSATION_STORES, (writer) =>
    beginKeptIn(writer, C1, { ...fresh, ...kept }),
  );
  const did = { read: 0, wrote: [] as number[] };
  const counted: Store = {
    ...store,
    write: (stores, work) =>
      store.write(stores, (writer) =>
        work({
          ...writer,
          get(name, key, schema) {
            if (name === "outbox") did.read += 1;
            return writer.get(name, key, schema);
          },
          put(name, key, schema, value) {
            if (name === "messages" && typeof key !== "string") did.wrote.push(key[1]);
            return writer.put(name, key, schema, value);
          },
        }),
      ),
  };
  const deps = { store: counted, suite: { random, ed25519: nobleEd25519 }, now: () => 1_000 };
  const outbox = createOutbox(
    { ...deps, api: { call: () => Promise.reject(new Error("no network in this test")) } },
    () => self,
    () => undefined,
  );
  const waiting = async () => (await outbox.entries(C1)).length;
  const record = async () => {
    const held = await keptOf(store, C1);
    if (!held) throw new RangeError("no record");
    return held;
  };
  return {
    store,
    outbox,
    did,
    waiting,
    record,
    say: (text: string) => outbox.add(C1, { kind: "text", text }),
    set: (more: Partial<KeptConversation>) => changeKept(store, C1, (was) => ({ ...was, ...more })),
  };
}

test("A4 a command that is given twice with one key writes one message", async () => {
  const { outbox, waiting } = await device();
  let also = 0;
  const how = (key: string) => ({ key, also: () => Promise.resolve(void (also += 1)) });
  const content = { kind: "text", text: "once" } as const;
  await outbox.add(C1, content, how("first"));
  await outbox.add(C1, content, how("first"));
  expect([await waiting(), also]).toEqual([1, 1]);
  await outbox.add(C1, content, how("second"));
  expect([await waiting(), also]).toEqual([2, 2]);
});

test("A4 of a long queue no more is read than goes out", async () => {
  const { outbox, did, say } = await device();
  for (let n = 0; n < 6; n++) await say(`${n}`);
  did.read = 0;
  const ready = await outbox.assign(C1, 2);
  expect([ready.length, did.read]).toEqual([2, 2]);
  await outbox.assign(C1, 10);
  expect(did.read).toBe(8);
});

/** Three messages under way, and an acknowledgement of all; places up to 20 are here, of so many. */
async function acknowledged(lastSeq: number, places: readonly [number, number, number]) {
  const here = await device({ cursor: 20, lastSeq });
  for (const text of ["one", "two", "three"]) await here.say(text);
  const ready = await here.outbox.assign(C1, 3);
  const taken = ready.map(({ order }, i) => ({ order, seq: places[i] ?? 0, at: 1 }));
  return { ...here, ready, taken };
}

test("M6 what stands at an empty place is sent again after the log, and the others are settled", async () => {
  const { outbox, taken, waiting, record, store } = await acknowledged(25, [18, 26, 27]);
  expect(await outbox.taken(C1, taken)).toBe(false);
  expect([await waiting(), (await record()).blocked]).toEqual([1, null]);
  expect(await store.read("messages", [C1, 18], messageRecord)).toBeNull();
  expect(await store.read("messages", [C1, 26], messageRecord)).not.toBeNull();
});

test("M6 an acknowledgement of a place that is empty at the server stops sending, and keeps what waits", async () => {
  const { outbox, taken, waiting, record, did } = await acknowledged(20, [18, 21, 22]);
  await outbox.taken(C1, taken);
  expect([await waiting(), (await record()).blocked]).toEqual([3, { kind: "proof", code: "fork" }]);
  expect(did.wrote).toEqual([]);
});

test("M6 what the log has already leaves the queue, and is not written again", async () => {
  const { outbox, taken, waiting, record, did, ready, store } = await acknowledged(
    20,
    [18, 21, 22],
  );
  const [first] = ready;
  if (!first) throw new RangeError("nothing was assigned");
  const { messageId, deviceSeq, digest } = first.message;
  await store.write(["messages"], (writer) =>
    writer.put("messages", [C1, 18], messageRecord, {
      type: "message",
      at: 1,
      account,
      device: self.device.id,
      deviceSeq,
      messageId,
      digest,
      prev: null,
      missingBefore: false,
      body: { kind: "text", text: "one" },
    }),
  );
  expect(await outbox.taken(C1, taken)).toBe(true);
  expect(did.wrote).toEqual([21, 22]);
  expect([await waiting(), (await record()).acknowledged]).toEqual([0, { deviceSeq: 3, seq: 22 }]);
});

test("M6 a number that is another's stops sending only while the message still has it", async () => {
  const { outbox, ready, record } = await acknowledged(20, [21, 22, 23]);
  const [first] = ready;
  if (!first) throw new RangeError("nothing was assigned");
  await outbox.failed(C1, first.order, "too_large");
  await outbox.contradicted(C1, first.order);
  expect((await record()).blocked).toBeNull();
  const [second] = await outbox.assign(C1, 1);
  await outbox.contradicted(C1, second?.order ?? 0);
  expect((await record()).blocked).toMatchObject({ kind: "want", code: "log" });
});
