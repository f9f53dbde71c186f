import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { decodeConversationDown, encodeConversationUp } from "../protocol/frames.ts";
import { makeReceipt } from "./receipt.test-kit.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import {
  Writer,
  both,
  claim,
  open,
  seedConversation,
  seedPair,
  settled,
} from "./scene.test-kit.ts";
import type { ConversationSocket } from "./socket.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

const say = (socket: ConversationSocket, receipt: { readonly bytes: Uint8Array }) =>
  socket.say({ t: "receipt", receipt: receipt.bytes });

describe("M10 read receipts", () => {
  test("M10 one is told to the others at once, to the author as taken, and outlives an eviction", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    const receipt = makeReceipt(pair.patient.author, pair.head, 1);
    say(two, receipt);
    expect((await one.next("receipt")).receipt).toEqual(receipt.bytes);
    expect((await two.next("receipt")).receipt).toEqual(receipt.bytes);
    await evictDurableObject(pair.stub);
    const late = await open(pair.owner, pair);
    expect((await late.hello(2)).state.receipts).toEqual([receipt.bytes]);
    // Nobody is told of their own.
    const own = await open(pair.patient, pair);
    expect((await own.hello(2)).state.receipts).toEqual([]);
  });

  test("M10 the slot only rises, over an eviction too; who comes late is told what stands there", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    const newest = makeReceipt(pair.patient.author, pair.head, 5);
    say(two, newest);
    await two.next("receipt");
    await evictDurableObject(pair.stub);
    const lower = makeReceipt(pair.patient.author, pair.head, 5);
    say(two, lower);
    expect(await two.next("refused")).toMatchObject({ ref: lower.hash, error: "stale_version" });
    expect((await two.next("receipt")).receipt).toEqual(newest.bytes);
    // The same bytes again: the answer was lost.
    say(two, newest);
    expect((await two.next("receipt")).receipt).toEqual(newest.bytes);
    await settled(two, pair.patient, pair);
    await one.untilItems(1);
    expect(one.all("receipt")).toHaveLength(1);
    expect(two.all("refused")).toHaveLength(1);
  });

  test("M10 a receipt is one row, which the next one overwrites", async () => {
    const pair = await seedPair();
    const { two } = await both(pair);
    for (const counter of [1, 2, 3]) {
      say(two, makeReceipt(pair.patient.author, pair.head, counter));
      await two.next("receipt");
    }
    const rows = await runInDurableObject(pair.stub, (_, state) =>
      state.storage.sql.exec("SELECT counter FROM receipts").toArray(),
    );
    expect(rows).toEqual([{ counter: 3 }]);
  });

  test("M10 frames over HTTP and the first look at a conversation carry it as well", async () => {
    const pair = await seedPair();
    const { one } = await both(pair);
    const receipt = makeReceipt(pair.patient.author, pair.head, 1);
    const frame = encodeConversationUp({ t: "receipt", receipt: receipt.bytes });
    const { result } = await pair.patient.person.browser.call("frames", {
      params: { conversation: toBase64url(pair.conversation) },
      body: { frames: [toBase64url(frame)] },
    });
    const answers = result?.frames.map((text) => decodeConversationDown(fromBase64url(text)));
    expect(answers).toEqual([{ t: "receipt", receipt: receipt.bytes }]);
    expect((await one.next("receipt")).receipt).toEqual(receipt.bytes);
  });

  test("M10 another's, a bundle's to come, and what is no receipt are refused, and nothing is kept", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    const { owner, patient, head } = pair;
    const foreign = makeReceipt(owner.author, head, 1);
    const early = makeReceipt(patient.author, head, 1, { n: head.core.n + 1 });
    for (const wrong of [foreign, early]) {
      say(two, wrong);
      expect(await two.next("refused")).toMatchObject({ ref: wrong.hash, error: "bad_request" });
    }
    say(two, { bytes: new Uint8Array(20) });
    expect(await two.next("refused")).toMatchObject({ ref: null, error: "bad_request" });
    await settled(two, patient, pair);
    await one.untilItems(1);
    expect(one.all("receipt")).toEqual([]);
    const late = await open(owner, pair);
    expect((await late.hello(2)).state.receipts).toEqual([]);
  });

  test("M10 who left the roster may write none and leaves none behind", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    say(two, makeReceipt(pair.patient.author, pair.head, 1));
    await two.next("receipt");
    await runInDurableObject(pair.stub, ({ core }) => {
      const { head, last } = core.get();
      const roster = head.core.roster.filter(({ role }) => role === "owner");
      core.transact(() => core.headChanged({ ...head, core: { ...head.core, roster } }, last));
    });
    say(two, makeReceipt(pair.patient.author, pair.head, 2));
    expect(await two.next("refused")).toMatchObject({ error: "not_found" });
    expect((await one.hello(2)).state.receipts).toEqual([]);
    const rows = await runInDurableObject(pair.stub, (_, state) =>
      state.storage.sql.exec("SELECT counter FROM receipts").toArray(),
    );
    expect(rows).toEqual([]);
  });

  test("I6 who was invited and has not joined reads only: no receipt, typing or presence of theirs", async () => {
    const scene = await seedConversation();
    const guest = new Writer(await seedPerson("patient"));
    expect((await claim(guest.person, scene.invite)).outcome).toBe("ok");
    const [one, two] = [await open(scene.owner, scene), await open(guest, scene)];
    await one.hello(1);
    await two.hello(1);
    two.say({ t: "typing", on: true });
    two.say({ t: "presence", on: true });
    say(two, makeReceipt(guest.author, scene.genesis, 1));
    expect(await two.next("refused")).toMatchObject({ error: "not_found" });
    one.send(scene.owner.write(scene.genesis));
    await two.untilItems(1);
    expect(one.frames.filter(({ t }) => t !== "welcome" && t !== "ack")).toEqual([]);
    // Nor are the owner's told to the guest.
    await scene.stub.catchUp();
    one.say({ t: "typing", on: true });
    say(one, makeReceipt(scene.owner.author, scene.genesis, 1));
    await one.next("receipt");
    one.send(scene.owner.write(scene.genesis));
    await two.untilItems(2);
    expect(two.all("typing").length + two.all("receipt").length).toBe(0);
  });

  test("M10 fifty at once: the highest counter stands, everybody else's answer is that one", async () => {
    const pair = await seedPair();
    const { one } = await both(pair);
    // With the one of `both`, as many as a device may have.
    const sockets = await Promise.all(Array.from({ length: 7 }, () => open(pair.patient, pair)));
    const receipts = Array.from({ length: 50 }, (_, i) =>
      makeReceipt(pair.patient.author, pair.head, i + 1),
    );
    receipts.forEach((_, i) => {
      const [receipt, socket] = [receipts[(i * 7) % 50], sockets[i % 7]];
      if (receipt && socket) say(socket, receipt);
    });
    const answers = () => sockets.flatMap((socket) => socket.all("receipt"));
    await sockets[0]?.until(() => answers().length === 50, "50 answers");
    const late = await open(pair.owner, pair);
    expect((await late.hello(2)).state.receipts).toEqual([receipts[49]?.bytes]);
    const heard = one
      .all("receipt")
      .map(({ receipt }) =>
        receipts.findIndex(({ bytes }) => toBase64url(bytes) === toBase64url(receipt)),
      );
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toBe(49);
  });

  test("a receipt too many is refused by name and may be sent again", async () => {
    const pair = await seedPair();
    const { two } = await both(pair);
    const rate = { burst: 2, perSecond: 0.1 };
    await runInDurableObject(pair.stub, ({ core }) => {
      core.limiter = new RateLimiter({ device: rate, address: rate });
    });
    const receipts = [1, 2, 3].map((n) => makeReceipt(pair.patient.author, pair.head, n));
    for (const receipt of receipts) say(two, receipt);
    const { ref, error, retryAfterMs } = await two.next("refused");
    expect({ ref, error }).toEqual({ ref: receipts[2]?.hash, error: "rate_limited" });
    expect(retryAfterMs).toBeGreaterThan(0);
  });
});
