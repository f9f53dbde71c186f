import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { toBase64url, fromBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { decodeConversationDown, encodeConversationUp } from "../protocol/frames.ts";
import { SOCKETS_PER_DEVICE } from "../objects/peers.ts";
import { type Pair, Writer, both, fill, open, seedPair } from "./scene.test-kit.ts";
import { type ConversationSocket, openInbox } from "./socket.test-kit.ts";
import { TUNING } from "./settings.ts";

const HELLO = { t: "hello", v: 1, cursor: 0 } as const;
/** of an item of the tests here */
const LARGE = 60_000;

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

/** A log of `count` messages of 60 KB behind the two bundles. */
async function largeLog(count: number): Promise<Pair> {
  const pair = await seedPair();
  const socket = await open(pair.owner, pair);
  for (let i = 0; i < count; i += 2) await fill(pair, socket, pair.owner, pair.head, 2, LARGE);
  socket.close();
  return pair;
}

const bytesOf = (socket: ConversationSocket): number =>
  socket.items.reduce((sum, item) => sum + ("envelope" in item ? item.envelope.length : 0), 0);

async function silent(pair: Pair): Promise<ConversationSocket> {
  const reader = await open(pair.patient, pair);
  reader.confirms = false;
  return reader;
}

describe("a replay is read page by page", () => {
  test("the next page comes when the one before was confirmed, and live frames after the last", async () => {
    const pair = await largeLog(30);
    const reader = await silent(pair);
    await reader.hello(0);
    const first = await reader.next("page");
    expect(first.more).toBe(true);
    expect(bytesOf(reader)).toBeLessThanOrEqual(TUNING.replayPageBytes);
    const before = reader.items.length;
    // What is written meanwhile comes in its place, not before.
    const writer = await open(pair.owner, pair);
    await fill(pair, writer, pair.owner, pair.head, 1);
    reader.say({ t: "taken", mark: first.mark });
    const second = await reader.next("page");
    expect(reader.items.length).toBeGreaterThan(before);
    reader.confirms = true;
    reader.say({ t: "taken", mark: second.mark });
    await reader.untilItems(33);
    await fill(pair, writer, pair.owner, pair.head, 1);
    await reader.untilItems(34);
    expect(reader.seqs).toEqual(upTo(34));
    expect(reader.all("page").filter(({ more }) => !more)).toHaveLength(1);
  });

  test("fifty hellos on one socket get one page; forty-nine are refused and may come again", async () => {
    const pair = await largeLog(30);
    const reader = await silent(pair);
    for (let i = 0; i < 50; i++) reader.say(HELLO);
    await reader.until(() => reader.all("refused").length === 49, "refusals");
    expect(reader.all("welcome")).toHaveLength(1);
    expect(bytesOf(reader)).toBeLessThanOrEqual(TUNING.replayPageBytes);
    const refusals = reader.all("refused").map(({ ref, error }) => ({ ref, error }));
    expect(refusals).toEqual(refusals.map(() => ({ ref: null, error: "rate_limited" })));
    // The control: who confirms is served to the end, and may say hello again.
    reader.confirms = true;
    reader.say({ t: "taken", mark: (await reader.next("page")).mark });
    await reader.untilItems(32);
    await reader.until(() => reader.all("page").some(({ more }) => !more), "the last page");
    expect((await reader.hello(32)).behind).toBe(false);
  });

  test("a mark that was guessed, or was said before, brings nothing", async () => {
    const pair = await largeLog(30);
    const reader = await silent(pair);
    await reader.hello(0);
    const { mark } = await reader.next("page");
    for (let i = 0; i < 5; i++) reader.say({ t: "taken", mark: randomBytes(16) });
    reader.say({ t: "taken", mark });
    reader.say({ t: "taken", mark });
    await reader.next("page");
    // A hello is answered: whatever was said before it has been dealt with.
    reader.say(HELLO);
    await reader.next("refused");
    expect(reader.all("page")).toHaveLength(2);
  });

  test("where a replay stands survives hibernation", async () => {
    const pair = await largeLog(30);
    const reader = await silent(pair);
    await reader.hello(0);
    const { mark } = await reader.next("page");
    await evictDurableObject(pair.stub);
    reader.say(HELLO);
    expect((await reader.next("refused")).error).toBe("rate_limited");
    reader.confirms = true;
    reader.say({ t: "taken", mark });
    await reader.untilItems(32);
    expect(reader.seqs).toEqual(upTo(32));
  });

  test("sixteen hellos in one request get one page, and no more than its bytes", async () => {
    const pair = await largeLog(30);
    const frames = Array.from({ length: 16 }, () => toBase64url(encodeConversationUp(HELLO)));
    const params = { conversation: toBase64url(pair.conversation) };
    const { browser } = pair.patient.person;
    const answer = await browser.get("frames", { params, body: { frames } });
    const told = answer.frames.map((text) => decodeConversationDown(fromBase64url(text)));
    expect(told.filter(({ t }) => t === "welcome")).toHaveLength(1);
    expect(told.filter(({ t }) => t === "refused")).toHaveLength(15);
    const bytes = answer.frames.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan((TUNING.replayPageBytes * 4) / 3 + 16 * 1024);
  });

  test("who is live and stops reading is closed with a code of its own; who confirms is not", async () => {
    const pair = await seedPair();
    const { one, two } = await both(pair);
    const honest = await open(pair.patient, pair);
    await honest.hello(2);
    two.confirms = false;
    for (let i = 0; i < 20; i += 2) await fill(pair, one, pair.owner, pair.head, 2, LARGE);
    expect(await two.closing()).toBe(CLOSE.slow);
    await honest.untilItems(20);
    expect(honest.closed).toBe(null);
    expect(honest.all("page").length).toBeGreaterThan(1);
    // It goes on where it was.
    const again = await open(pair.patient, pair);
    await again.hello(2);
    await again.untilItems(20);
    expect(again.seqs).toEqual(upTo(22).slice(2));
  });
});

describe("sockets of one device", () => {
  const sockets = (pair: Pair): Promise<number> =>
    runInDurableObject(pair.stub, (_, context) => context.getWebSockets().length);

  test("the ninth closes the oldest with a code of its own, before and after hibernation; other devices keep theirs", async () => {
    const pair = await seedPair();
    const other = await open(pair.owner, pair);
    await other.hello(2);
    const own: ConversationSocket[] = [];
    for (let i = 0; i < SOCKETS_PER_DEVICE; i++) own.push(await open(pair.patient, pair));
    await Promise.all(own.map((socket) => socket.hello(2)));
    expect(own.map(({ closed }) => closed)).toEqual(own.map(() => null));
    own.push(await open(pair.patient, pair));
    expect(await own[0]?.closing()).toBe(CLOSE.elsewhere);
    await evictDurableObject(pair.stub);
    own.push(await open(pair.patient, pair));
    expect(await own[1]?.closing()).toBe(CLOSE.elsewhere);
    expect(own.slice(2).map(({ closed }) => closed)).toEqual(own.slice(2).map(() => null));
    await expect.poll(() => sockets(pair)).toBe(SOCKETS_PER_DEVICE + 1);
    other.send(pair.owner.write(pair.head));
    await own[5]?.untilItems(1);
    expect(other.closed).toBe(null);
  });

  test("124 sockets leave eight, and one that was told to close is heard no more", async () => {
    const pair = await seedPair();
    const first = await open(pair.patient, pair);
    const patient = new Writer(pair.patient.person);
    for (let i = 0; i < 24; i++) await open(patient, pair);
    expect(await first.closing()).toBe(CLOSE.elsewhere);
    await expect.poll(() => sockets(pair)).toBe(SOCKETS_PER_DEVICE);
  });

  test("the list has the same cap, and sends its snapshot once a socket", async () => {
    const pair = await seedPair();
    const { person } = pair.patient;
    const own = [];
    for (let i = 0; i < SOCKETS_PER_DEVICE; i++) own.push(await openInbox(person));
    await own[0]?.hello();
    own[0]?.say({ t: "hello", v: 1 });
    expect((await own[0]?.next("refused"))?.error).toBe("rate_limited");
    expect(own[0]?.all("snapshot")).toHaveLength(1);
    const ninth = await openInbox(person);
    expect(await own[0]?.closing()).toBe(CLOSE.elsewhere);
    await ninth.hello();
    expect(own.slice(1).map(({ closed }) => closed)).toEqual(own.slice(1).map(() => null));
  });
});

test("an envelope costs by its bytes: large ones are refused long before as many small ones", async () => {
  const pair = await seedPair();
  const { owner, head } = pair;
  const [one, two] = [await open(owner, pair), await open(pair.patient, pair)];
  await two.hello(2);
  // The default device has 400 tokens: as many small messages, or 27 of 60 KB.
  one.send(...owner.writeMany(head, 64));
  await one.untilAcked(64);
  for (let i = 0; i < 40; i++) one.send(owner.write(head, LARGE));
  const refusal = await one.next("refused");
  expect(refusal.error).toBe("rate_limited");
  expect(one.acked.length).toBeLessThan(64 + 40);
  expect(one.acked.length).toBeGreaterThan(64);
});
