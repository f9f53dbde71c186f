import { expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import { flipped, readerOf } from "../../../core/people.test-kit.ts";
import { CONVERSATION_STORES, beginKeptIn, changeKept, keptOf } from "../conversation/keep.ts";
import { type KeptConversation, newConversation } from "../conversation/kept.ts";
import { createLibrary } from "../conversation/library.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { messageRecord } from "../store/records.ts";
import { createReceiver } from "./receive.ts";

const talk = await newTalk("receive in Node");
const { owner, patient, suite, together } = talk.room;
const id = conversationIdText(together.id);
/** create, join, three messages of the patient, one of the owner's other device */
const items = talk.server.page(owner.account);
const other = new Uint8Array(32).fill(3);

/** The owner's device with nothing but this of the conversation; `kept` null: nothing at all. */
async function device(change: Partial<KeptConversation> | null = {}) {
  const store = memoryStore();
  const fresh = newConversation({ title: "Ana", owner: owner.account, createdAt: 1 });
  if (change) {
    const kept = { ...fresh, ...change };
    await store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, id, kept));
  }
  const deps = { store, suite, now: () => 1 } as unknown as Deps;
  const library = createLibrary(deps);
  const historyOf = (account: Uint8Array) =>
    [owner, patient].find((one) => equalBytes(one.account, account))?.history;
  const none = () => Promise.resolve();
  let changes = 0;
  const receiver = createReceiver({
    deps,
    library,
    context: () => ({
      deps,
      directory: { historyOf, load: none, fetch: none },
      self: owner.account,
      reader: readerOf(owner),
    }),
    // Not the device that wrote the answer.
    own: () => ({ account: owner.account, device: other }),
    changed: () => void changes++,
  });
  const span = { id, from: 0, to: 99 };
  return {
    store,
    receiver,
    now: () => keptOf(store, id),
    changes: () => changes,
    rows: async () =>
      (await store.readAll("messages", messageRecord, span))
        .map(({ key }) => Number(key[1]))
        .toSorted((a, b) => a - b),
    /** Another tab does this just before this one's next transaction. */
    beside(work: (kept: KeptConversation) => KeptConversation) {
      const { write } = store;
      Object.assign(store, {
        async write(...given: Parameters<typeof write>) {
          Object.assign(store, { write });
          await changeKept(store, id, work);
          return write(...given);
        },
      });
    },
    /** Another tab forgets the conversation just before this one's next transaction. */
    forgottenBeside() {
      const { write } = store;
      Object.assign(store, {
        async write(...given: Parameters<typeof write>) {
          Object.assign(store, { write });
          await write(CONVERSATION_STORES, (writer) => writer.delete("conversations", id));
          return write(...given);
        },
      });
    },
  };
}
const at = (...seqs: number[]): LogItem[] => items.filter(({ seq }) => seqs.includes(seq));

test("A5 a page is stored to its end, once (control)", async () => {
  const { receiver, now, rows } = await device();
  expect(await receiver.forward(id, items, "page")).toBe("stored");
  expect([(await now())?.cursor, await rows()]).toEqual([6, [1, 2, 3, 4, 5, 6]]);
});

test("nothing is stored of what is not kept, or of a conversation that stopped", async () => {
  const none = await device(null);
  expect(await none.receiver.forward(id, items, "page")).toBe("gap");
  expect(await none.receiver.tail(id, items, 6)).toBe("gap");
  await none.receiver.backward(id, items);
  expect([await none.rows(), none.changes()]).toEqual([[], 0]);
  const stopped = await device({ blocked: { kind: "proof", code: "fork" } });
  expect(await stopped.receiver.forward(id, items, "page")).toBe("blocked");
  expect(await stopped.rows()).toEqual([]);
});

test("a head whose bundles are gone is a gap, and not judged anew for ever", async () => {
  const { receiver, rows } = await device({ head: 0 });
  expect(await receiver.forward(id, items, "page")).toBe("gap");
  expect(await rows()).toEqual([]);
});

test("live items follow the cursor and each other, or the log is asked; a page may have holes", async () => {
  const { receiver, now } = await device();
  expect(await receiver.forward(id, at(2), "live")).toBe("gap");
  expect(await receiver.forward(id, at(1, 3), "live")).toBe("gap");
  expect((await now())?.cursor).toBe(0);
  expect(await receiver.forward(id, at(1, 2), "live")).toBe("stored");
  expect(await receiver.forward(id, at(1, 2, 3), "live")).toBe("stored");
  expect(await receiver.forward(id, at(6), "page")).toBe("stored");
  expect((await now())?.cursor).toBe(6);
});

test("what is stored already changes nothing", async () => {
  const { receiver, changes } = await device();
  await receiver.forward(id, items, "page");
  const before = changes();
  expect(await receiver.forward(id, at(5, 6), "live")).toBe("stored");
  expect(changes()).toBe(before);
});

test("A5 what another tab stored meanwhile is not stored again: it is judged anew from there", async () => {
  const { receiver, now, beside, rows } = await device();
  await receiver.forward(id, at(1, 2), "page");
  beside((kept) => ({ ...kept, cursor: 4 }));
  expect(await receiver.forward(id, at(3, 4, 5), "page")).toBe("stored");
  expect([(await now())?.cursor, await rows()]).toEqual([5, [1, 2, 5]]);
});

test("a conversation that another tab forgot meanwhile is a gap, whichever way items came", async () => {
  const forward = await device();
  forward.forgottenBeside();
  expect(await forward.receiver.forward(id, items, "page")).toBe("gap");
  const tail = await device();
  tail.forgottenBeside();
  expect(await tail.receiver.tail(id, items, 6)).toBe("gap");
  const backward = await device({ oldest: 9, cursor: 9 });
  backward.forgottenBeside();
  await backward.receiver.backward(id, items);
  for (const { rows } of [forward, tail, backward]) expect(await rows()).toEqual([]);
});

test("K13 a tail is the beginning alone: whoever has something already, or got it meanwhile, keeps that", async () => {
  const { receiver, now } = await device();
  expect(await receiver.tail(id, items, 6)).toBe("stored");
  expect((await now())?.cursor).toBe(6);
  const begun = await device({ cursor: 3 });
  expect(await begun.receiver.tail(id, items, 6)).toBe("stored");
  const raced = await device();
  raced.beside((kept) => ({ ...kept, cursor: 3 }));
  expect(await raced.receiver.tail(id, items, 6)).toBe("stored");
  for (const one of [begun, raced]) {
    expect([(await one.now())?.cursor, await one.rows()]).toEqual([3, []]);
  }
});

test("backwards only what is older than what is here is stored, also when another tab was quicker", async () => {
  const { receiver, rows, now, beside } = await device();
  await receiver.tail(id, at(1, 2, 6), 6);
  expect([(await now())?.oldest, await rows()]).toEqual([6, [1, 2, 6]]);
  beside((kept) => ({ ...kept, oldest: 5 }));
  await receiver.backward(id, at(4, 5, 6));
  expect([(await now())?.oldest, await rows()]).toEqual([4, [1, 2, 4, 6]]);
});

test("C5 a fork ends what is stored, and the conversation", async () => {
  const { receiver, now } = await device();
  await receiver.forward(id, at(1, 2, 3), "page");
  const tips = (await now())?.tips ?? {};
  const [key = "", tip] = Object.entries(tips)[0] ?? [];
  const forked = {
    [key]: { deviceSeq: tip?.deviceSeq ?? 0, digest: flipped(tip?.digest ?? other) },
  };
  const here = await device({ tips: forked });
  expect(await here.receiver.forward(id, items, "page")).toBe("blocked");
  expect([(await here.now())?.blocked, await here.rows()]).toEqual([
    { kind: "proof", code: "fork" },
    [1, 2],
  ]);
});
