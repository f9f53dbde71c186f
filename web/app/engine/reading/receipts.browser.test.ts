import { afterEach, expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { ConversationUp } from "../../../../workers/protocol/frames.ts";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { decodeReceipt, receiptHash } from "../../../../workers/protocol/receipt.ts";
import { epochOf, senderOf } from "../../../core/messages/room.test-kit.ts";
import { NOW, type Person, flipped } from "../../../core/people.test-kit.ts";
import { DEFAULT_PREFERENCES } from "../../../core/private-state/preferences.ts";
import { openReceipt } from "../../../core/receipts/open.ts";
import type { Reading } from "../../../core/receipts/payload.ts";
import { readAt } from "../../../core/receipts/position.ts";
import { sealReceipt } from "../../../core/receipts/seal.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Tab, openTab } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { type Receipts, createReceipts } from "./receipts.ts";
import { messageRecord } from "../store/records.ts";

const talk = await newTalk("engine receipts");
const { room } = talk;
const { owner, patient, together, suite, context } = room;
const opened: Receipts[] = [];
const switches = { ...DEFAULT_PREFERENCES };

/** The owner's device over this log: bundles at 1 and 2, the patient's messages at 3, 4 and 5. */
async function device(broken: readonly number[] = [], online = true) {
  const server = new Server();
  server.entries = talk.server.entries
    .slice(0, 5)
    .map((entry, i) =>
      "envelope" in entry && broken.includes(i + 1)
        ? { ...entry, envelope: flipped(entry.envelope, 300) }
        : entry,
    );
  const tab = await openTab(owner, together.id, { server, people: [patient] });
  const said: Uint8Array[] = [];
  const receipts = createReceipts({
    deps: online
      ? tab.deps
      : { ...tab.deps, api: { call: () => Promise.reject(new ProtocolError("unavailable")) } },
    library: tab.library,
    directory: tab.directory,
    me: tab.me,
    preferences: { current: () => switches },
    say(_, frame: ConversationUp) {
      if (frame.t === "receipt" && online) said.push(frame.receipt);
      return online;
    },
    changed: () => undefined,
  });
  opened.push(receipts);
  await tab.catchUp.newer(tab.id);
  return { ...tab, receipts, said };
}

const says = async (bytes: Uint8Array | undefined) => {
  const result = bytes && (await openReceipt(context, bytes));
  if (!result?.ok) throw new RangeError(result ? result.problem : "no receipt");
  const { seq, except } = result.reading;
  return { counter: result.header.counter, seq, except };
};

async function one(said: readonly Uint8Array[], count = 1): Promise<void> {
  await expect.poll(() => said).toHaveLength(count);
}
/** Longer than reading settles and receipts keep apart. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 1_400));

const sealAs = (person: Person, counter: number, reading: Reading) =>
  sealReceipt(suite.random, senderOf(person), epochOf(together), counter, reading);

async function digestAt({ deps, id }: Pick<Tab, "deps" | "id">, seq: number): Promise<Uint8Array> {
  const row = await deps.store.read("messages", [id, seq], messageRecord);
  if (row?.type !== "message") throw new RangeError(`no message at ${seq}`);
  return row.digest;
}

const readingOf = async (tab: Pick<Tab, "deps" | "id">, seq: number): Promise<Reading> => ({
  seq,
  digest: await digestAt(tab, seq),
  at: NOW - 1_000,
  except: [],
  presence: true,
});

afterEach(async () => {
  Object.assign(switches, DEFAULT_PREFERENCES);
  for (const receipts of opened.splice(0)) receipts.close();
  await forgetDevice();
});

test("M10 what was seen is told once, and is settled when the server holds it", async () => {
  const it = await device();
  for (const seq of [3, 4, 5]) await it.receipts.read(it.id, seq);
  await one(it.said);
  expect(await says(it.said[0])).toEqual({ counter: 1, seq: 5, except: [] });
  expect((await it.record()).receipt.due).toEqual({ seq: 5, at: NOW });
  await it.receipts.take(it.id, it.said);
  expect((await it.record()).receipt).toEqual({
    counter: 1,
    told: { seq: 5, except: [] },
    due: null,
  });
  await it.receipts.read(it.id, 5);
  await quiet();
  expect(it.said).toHaveLength(1);
});

test("M10 what was read without a network waits, through a restart, for the next contact", async () => {
  const before = await device([], false);
  await before.receipts.read(before.id, 5);
  await quiet();
  expect((await before.record()).receipt.due).toEqual({ seq: 5, at: NOW });
  before.receipts.close();
  const after = await device();
  after.receipts.flush(after.id);
  await one(after.said);
  expect(await says(after.said[0])).toMatchObject({ seq: 5 });
});

test("M10 a message that could not be verified gets no receipt: it is named as not read", async () => {
  const it = await device([4]);
  await it.receipts.read(it.id, 5);
  await one(it.said);
  expect(await says(it.said[0])).toEqual({ counter: 1, seq: 5, except: [4] });
});

test("M10 where nothing at all could be verified nothing is told", async () => {
  const it = await device([3, 4, 5]);
  await it.receipts.read(it.id, 5);
  await expect.poll(async () => (await it.record()).receipt.due).toBeNull();
  expect(it.said).toEqual([]);
});

test("M10 another device of the account was first: this one goes on from there", async () => {
  const it = await device();
  await it.receipts.read(it.id, 5);
  await one(it.said);
  const theirs = await sealAs(owner, 7, await readingOf(it, 3));
  const mine = decodeReceipt(it.said[0] ?? new Uint8Array());
  const ref = receiptHash(mine.header, mine.ciphertext);
  it.receipts.refused(it.id, { t: "refused", ref, error: "stale_version" });
  await it.receipts.take(it.id, [theirs]);
  await one(it.said, 2);
  expect(await says(it.said[1])).toEqual({ counter: 8, seq: 5, except: [] });
});

test("M10 what another device told already is not told again", async () => {
  const it = await device();
  await it.receipts.read(it.id, 4);
  await one(it.said);
  await it.receipts.take(it.id, [await sealAs(owner, 7, await readingOf(it, 5))]);
  await quiet();
  expect(it.said).toHaveLength(1);
  expect((await it.record()).receipt).toMatchObject({ counter: 7, due: null });
});

test("M10 refused for good, a receipt is not sent again and again; refused for now, it is", async () => {
  const it = await device();
  await it.receipts.read(it.id, 4);
  await one(it.said);
  const refuse = (error: "rate_limited" | "not_found") => {
    const { header, ciphertext } = decodeReceipt(it.said.at(-1) ?? new Uint8Array());
    const ref = receiptHash(header, ciphertext);
    it.receipts.refused(it.id, { t: "refused", ref, error, retryAfterMs: 50 });
  };
  refuse("rate_limited");
  await one(it.said, 2);
  refuse("not_found");
  await expect.poll(async () => (await it.record()).receipt.due).toBeNull();
});

test("M10 switched off, nothing is kept to be told, and what waits is dropped", async () => {
  const it = await device([], false);
  switches.receipts = false;
  await it.receipts.read(it.id, 4);
  expect((await it.record()).receipt.due).toBeNull();
  switches.receipts = true;
  await it.receipts.read(it.id, 5);
  switches.receipts = false;
  const after = await device();
  after.receipts.flush(after.id);
  await expect.poll(async () => (await after.record()).receipt.due).toBeNull();
  expect(after.said).toEqual([]);
});

const theirReading = async (tab: Pick<Tab, "record">, seq: number) => {
  const position = (await tab.record()).reading[accountIdText(patient.account)];
  return position ? readAt(position, seq) : null;
};

test("M10 another's receipt moves their position, and is kept over a restart", async () => {
  const it = await device();
  await it.receipts.take(it.id, [await sealAs(patient, 1, await readingOf(it, 4))]);
  expect(await theirReading(it, 4)).toEqual({ at: NOW - 1_000 });
  const again = await device();
  expect(await theirReading(again, 4)).toEqual({ at: NOW - 1_000 });
  expect(await theirReading(again, 5)).toBeNull();
});

test("M10 a replayed one, a foreign one, and one that names another message change nothing", async () => {
  const it = await device();
  const good = await readingOf(it, 5);
  await it.receipts.take(it.id, [
    await sealAs(patient, 3, { ...good, digest: flipped(good.digest) }),
    flipped(await sealAs(patient, 4, good), 400),
    new Uint8Array(40),
  ]);
  expect((await it.record()).reading).toEqual({});
  await it.receipts.take(it.id, [await sealAs(patient, 5, await readingOf(it, 4))]);
  await it.receipts.take(it.id, [await sealAs(patient, 2, good)]);
  expect(await theirReading(it, 5)).toBeNull();
  expect(await theirReading(it, 4)).not.toBeNull();
});

test("M10 one that comes before its message waits for it", async () => {
  const whole = await device();
  const sealed = await sealAs(patient, 1, await readingOf(whole, 5));
  whole.receipts.close();
  await forgetDevice();

  const server = new Server();
  server.entries = talk.server.entries.slice(0, 4);
  const tab = await openTab(owner, together.id, { server, people: [patient] });
  const receipts = createReceipts({
    deps: tab.deps,
    library: tab.library,
    directory: tab.directory,
    me: tab.me,
    preferences: { current: () => switches },
    say: () => true,
    changed: () => undefined,
  });
  opened.push(receipts);
  await tab.catchUp.newer(tab.id);
  await receipts.take(tab.id, [sealed]);
  expect(await theirReading(tab, 4)).toBeNull();
  server.entries = talk.server.entries.slice(0, 5);
  await tab.catchUp.newer(tab.id);
  await receipts.again(tab.id);
  expect(await theirReading(tab, 5)).toEqual({ at: NOW - 1_000 });
});
