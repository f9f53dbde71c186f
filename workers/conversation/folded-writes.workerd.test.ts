import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { inboxObject } from "../objects/objects.ts";
import { makeReceipt } from "./receipt.test-kit.ts";
import { type Pair, both, down, open, seedPair, settled, withDeps } from "./scene.test-kit.ts";
import { openInbox } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

const storedCounters = ({ stub }: Pair) =>
  runInDurableObject(stub, (_, { storage }) =>
    storage.sql
      .exec("SELECT counter FROM receipts")
      .toArray()
      .map(({ counter }) => counter),
  );

/** Both are connected, and a message waits for D1: what is said now can go along with something. */
async function chatting(pair: Pair) {
  const sockets = await both(pair);
  await settled(sockets.one, pair.owner, pair);
  await sockets.two.untilItems(1);
  return sockets;
}

const readBy = (pair: Pair, counter: number) =>
  makeReceipt(pair.patient.author, pair.head, counter);

describe('decision "folded writes": a read receipt', () => {
  test("M10 is told to the others at once, outlives hibernation, and its author hears of it when it is stored with the next message", async () => {
    const pair = await seedPair();
    const { one, two } = await chatting(pair);
    const receipt = readBy(pair, 1);
    two.say({ t: "receipt", receipt: receipt.bytes });
    expect((await one.next("receipt")).receipt).toEqual(receipt.bytes);
    expect(two.all("receipt")).toEqual([]);
    await evictDurableObject(pair.stub);
    const late = await open(pair.owner, pair);
    expect((await late.hello(3)).state.receipts).toEqual([receipt.bytes]);
    await settled(one, pair.owner, pair);
    expect((await two.next("receipt")).receipt).toEqual(receipt.bytes);
    expect(await storedCounters(pair)).toEqual([]);
    // From here on no socket is needed: it stands in the message's row, and with the alarm in its own.
    two.close();
    await evictDurableObject(pair.stub);
    const [again] = [await open(pair.owner, pair)];
    expect((await again.hello(3)).state.receipts).toEqual([receipt.bytes]);
    await pair.stub.catchUp();
    expect(await storedCounters(pair)).toEqual([1]);
  });

  test("M10 is stored by the alarm, by the end of its socket, and when its author asks again", async () => {
    const pair = await seedPair();
    const { one, two } = await chatting(pair);
    const receipts = [1, 2, 3].map((counter) => readBy(pair, counter).bytes);
    two.say({ t: "receipt", receipt: receipts[0] ?? new Uint8Array() });
    await one.next("receipt");
    await pair.stub.catchUp();
    expect((await two.next("receipt")).receipt).toEqual(receipts[0]);
    expect(await storedCounters(pair)).toEqual([1]);
    await settled(one, pair.owner, pair);
    two.say({ t: "receipt", receipt: receipts[1] ?? new Uint8Array() });
    await one.next("receipt");
    expect(await storedCounters(pair)).toEqual([1]);
    two.say({ t: "receipt", receipt: receipts[1] ?? new Uint8Array() });
    expect((await two.next("receipt")).receipt).toEqual(receipts[1]);
    expect(await storedCounters(pair)).toEqual([2]);
    two.say({ t: "receipt", receipt: receipts[2] ?? new Uint8Array() });
    await one.next("receipt");
    two.close();
    await expect.poll(() => storedCounters(pair)).toEqual([3]);
  });

  test("M10 that a crash takes along was never confirmed, and is taken when it is sent again", async () => {
    const pair = await seedPair();
    const { one, two } = await chatting(pair);
    const receipt = readBy(pair, 1);
    two.say({ t: "receipt", receipt: receipt.bytes });
    await one.next("receipt");
    await runInDurableObject(pair.stub, ({ core }) => {
      for (const peer of core.peers.all()) peer.hold(null);
    });
    await evictDurableObject(pair.stub);
    expect(two.all("receipt")).toEqual([]);
    const back = await open(pair.patient, pair);
    await back.hello(3);
    back.say({ t: "receipt", receipt: receipt.bytes });
    await settled(back, pair.patient, pair);
    expect((await back.next("receipt")).receipt).toEqual(receipt.bytes);
  });

  test("M10 a lower one is told the slot only once that is stored; who says it over HTTP is answered at once", async () => {
    const pair = await seedPair();
    const { one, two } = await chatting(pair);
    const [first, same] = [readBy(pair, 1), readBy(pair, 1)];
    two.say({ t: "receipt", receipt: first.bytes });
    await one.next("receipt");
    two.say({ t: "receipt", receipt: same.bytes });
    expect(await two.next("refused")).toMatchObject({ ref: same.hash, error: "stale_version" });
    expect((await two.next("receipt")).receipt).toEqual(first.bytes);
    expect(await storedCounters(pair)).toEqual([1]);
  });

  test("M10 what was received is kept over hibernation, and stored at the end of the socket", async () => {
    const pair = await seedPair();
    const { one, two } = await chatting(pair);
    two.say({ t: "received", seq: 3 });
    await one.next("received");
    await evictDurableObject(pair.stub);
    const marks = () =>
      runInDurableObject(pair.stub, ({ core }) => [
        [...core.get().received.values()],
        core.stores.meta.progress().received.map(([, seq]) => seq),
      ]);
    expect(await marks()).toEqual([[3], []]);
    two.close();
    await expect.poll(marks).toEqual([[3], [3]]);
  });
});

describe('decision "folded writes": an Inbox', () => {
  const rowsOf = (pair: Pair) =>
    runInDurableObject(inboxObject(env, pair.patient.person.id), (_, { storage }) =>
      storage.sql.exec("SELECT last_seq, read_seq FROM rows").toArray(),
    );

  test("holds what happens while somebody is connected, over hibernation, and stores it when they leave", async () => {
    const pair = await seedPair();
    await pair.stub.catchUp();
    const inbox = await openInbox(pair.patient.person);
    await inbox.hello();
    const { one } = await chatting(pair);
    await inbox.until(() => inbox.all("activity").at(-1)?.row.lastSeq === 3, "activity");
    inbox.say({ t: "read", conversation: pair.conversation, seq: 3 });
    await inbox.until(() => inbox.all("activity").at(-1)?.row.readSeq === 3, "reading");
    expect(await rowsOf(pair)).toEqual([{ last_seq: 2, read_seq: 0 }]);
    await evictDurableObject(inboxObject(env, pair.patient.person.id));
    const other = await openInbox(pair.patient.person);
    expect((await other.hello()).rows).toMatchObject([{ lastSeq: 3, readSeq: 3, unread: 0 }]);
    await settled(one, pair.owner, pair);
    await inbox.until(() => inbox.all("activity").at(-1)?.row.lastSeq === 4, "activity");
    inbox.close();
    await expect.poll(() => rowsOf(pair)).toEqual([{ last_seq: 4, read_seq: 3 }]);
  });

  test("is asked by the Conversation's alarm to store it; with nobody connected it does at once", async () => {
    const pair = await seedPair();
    await pair.stub.catchUp();
    const inbox = await openInbox(pair.patient.person);
    await inbox.hello();
    const { one } = await chatting(pair);
    await inbox.until(() => inbox.all("activity").at(-1)?.row.lastSeq === 3, "activity");
    expect(await rowsOf(pair)).toEqual([{ last_seq: 2, read_seq: 0 }]);
    await pair.stub.catchUp();
    expect(await rowsOf(pair)).toEqual([{ last_seq: 3, read_seq: 0 }]);
    inbox.close();
    await settled(one, pair.owner, pair);
    await expect.poll(() => rowsOf(pair)).toEqual([{ last_seq: 4, read_seq: 0 }]);
  });

  test("that a crash kept from hearing of a message hears of it when somebody says hello", async () => {
    const pair = await seedPair();
    await pair.stub.catchUp();
    const inbox = await openInbox(pair.patient.person);
    await inbox.hello();
    await withDeps(pair, () => ({ activity: down }));
    const socket = await open(pair.owner, pair);
    await settled(socket, pair.owner, pair);
    await runInDurableObject(pair.stub, ({ core }) => {
      core.outages.reached("inboxes", 0);
    });
    await evictDurableObject(pair.stub);
    expect(inbox.all("activity").some(({ row }) => row.lastSeq > 2)).toBe(false);
    const back = await open(pair.owner, pair);
    await back.hello(3);
    await inbox.until(() => inbox.all("activity").at(-1)?.row.lastSeq === 3, "activity");
  });
});
