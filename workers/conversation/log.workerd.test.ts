import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { ERASE, PLACES } from "../archive/erase.ts";
import { FIND_TIME, PAGES, findTime } from "../archive/read.ts";
import { toHex } from "../archive/hex.ts";
import { writeArchive } from "../archive/write.ts";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import { decodeCbor } from "../protocol/cbor.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { type LogItem, conversationState, decodeLogItem } from "../protocol/frames.ts";
import { LIMITS } from "../protocol/limits.ts";
import { randomBytes } from "@noble/hashes/utils.js";
import {
  alarmComes,
  type Pair,
  fill,
  freshInvite,
  open,
  seedPair,
  withDeps,
} from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 60_000 });

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

async function page(pair: Pair, query: Readonly<Record<string, string>>) {
  const params = { conversation: toBase64url(pair.conversation) };
  const { result, outcome } = await pair.patient.person.browser.call("log", { params, query });
  const items: LogItem[] = (result?.items ?? []).map((item) => decodeLogItem(fromBase64url(item)));
  return { items, seqs: items.map(({ seq }) => seq), more: result?.more, outcome };
}

/** A log of which the older part is in D1 only; with a bundle in the middle of that part. */
async function longPair(): Promise<Pair & { last: number; pruned: number }> {
  const pair = await seedPair();
  const socket = await open(pair.owner, pair);
  let now = Date.now();
  await withDeps(pair, () => ({ now: () => (now += 10) }));
  await fill(pair, socket, pair.owner, pair.head, 100);
  const next = inviteBundle(pair.owner.author, pair.head, freshInvite());
  socket.say({ t: "bundle", bundle: next.upload, envelopes: [] });
  await socket.next("accepted");
  await fill(pair, socket, pair.owner, next, TUNING.tailKeep + 2 * TUNING.pruneStep);
  await alarmComes(pair.stub);
  const memory = await runInDurableObject(pair.stub, ({ core }) => core.memory);
  const pruned = memory?.pruned ?? 0;
  expect(pruned).toBeGreaterThan(103);
  return { ...pair, last: memory?.last.seq ?? 0, pruned };
}

describe("the log by pages", () => {
  test('decision "durable log": forwards and backwards through D1 and object without gap or repetition, bundles in their places', async () => {
    const pair = await longPair();
    const forward: number[] = [];
    for (let more = true; more; ) {
      const { items, seqs, more: left } = await page(pair, { after: `${forward.at(-1) ?? 0}` });
      forward.push(...seqs);
      more = left === true;
      for (const item of items) expect("bundle" in item).toBe([1, 2, 103].includes(item.seq));
    }
    expect(forward).toEqual(upTo(pair.last));
    const backward: number[] = [];
    for (let more = true; more; ) {
      const before = backward[0];
      const query = before === undefined ? {} : { before: `${before}` };
      const { seqs, more: left } = await page(pair, { ...query, limit: "150" });
      backward.unshift(...seqs);
      more = left === true;
    }
    expect(backward).toEqual(upTo(pair.last));
  });

  test("a jump to a time: in D1, in the object, before everything, after everything", async () => {
    const pair = await longPair();
    const all = await page(pair, { after: "100", limit: "1" });
    const at = all.items[0]?.at ?? 0;
    expect((await page(pair, { at: `${at}`, limit: "5" })).seqs).toEqual([101, 102, 103, 104, 105]);
    const late = await page(pair, { after: `${pair.last - 5}`, limit: "1" });
    const lateAt = late.items[0]?.at ?? 0;
    expect((await page(pair, { at: `${lateAt}`, limit: "2" })).seqs).toEqual([
      pair.last - 4,
      pair.last - 3,
    ]);
    expect((await page(pair, { at: "0", limit: "2" })).seqs).toEqual([1, 2]);
    expect(await page(pair, { at: `${lateAt + 1e9}` })).toMatchObject({ seqs: [], more: false });
  });

  test("D1 down: what it holds is unavailable, the newer part is there", async () => {
    const pair = await longPair();
    await env.ARCHIVE_0.exec("ALTER TABLE envelopes RENAME TO envelopes_gone");
    try {
      expect((await page(pair, { after: "3" })).outcome).toBe("unavailable");
      expect((await page(pair, { at: "1" })).outcome).toBe("unavailable");
      expect((await page(pair, {})).seqs).toHaveLength(LIMITS.itemsPerPage);
      const edge = await page(pair, { before: `${pair.pruned + 11}`, limit: "50" });
      expect(edge.seqs).toEqual(upTo(pair.pruned + 10).slice(pair.pruned));
      expect(edge.more).toBe(true);
    } finally {
      await env.ARCHIVE_0.exec("ALTER TABLE envelopes_gone RENAME TO envelopes");
    }
    expect((await page(pair, { after: "3", limit: "2" })).seqs).toEqual([4, 5]);
  });

  test("large messages make short pages, never an endless answer", async () => {
    const pair = await seedPair();
    const socket = await open(pair.owner, pair);
    const size = 60_000;
    for (let i = 0; i < 50; i += 2) await fill(pair, socket, pair.owner, pair.head, 2, size);
    const first = await page(pair, { after: "0" });
    expect(first.more).toBe(true);
    expect((first.seqs.length - 2) * size).toBeLessThan(TUNING.pageBytes + size);
    const rest = await page(pair, { after: `${first.seqs.at(-1)}` });
    expect([...first.seqs, ...rest.seqs]).toEqual(upTo(52));
    const reader = await open(pair.patient, pair);
    await reader.hello(0);
    await reader.untilItems(52);
    expect(reader.seqs).toEqual(upTo(52));
  });

  test.each([{ after: "-1" }, { after: "x" }, { after: "1", before: "2" }, { limit: "1.5" }])(
    "a malformed question is refused: %j",
    async (query) => {
      const pair = await seedPair();
      expect((await page(pair, query)).outcome).toBe("bad_request");
    },
  );

  test("C2 bundles from n on", async () => {
    const pair = await seedPair();
    const params = { conversation: toBase64url(pair.conversation) };
    const { browser } = pair.patient.person;
    const answer = await browser.get("bundles", { params, query: { from: "1" } });
    const items = answer.items.map((item) => decodeLogItem(fromBase64url(item)));
    expect(items).toMatchObject([
      { seq: 2, bundle: { core: pair.head.coreBytes, share: pair.head.upload.share } },
    ]);
    expect(answer.more).toBe(false);
  });

  test("K13 a tail has every bundle to the head, however many there are", async () => {
    const pair = await seedPair();
    const count = 2 * LIMITS.itemsPerPage + 5;
    await runInDurableObject(pair.stub, ({ core }, { storage }) => {
      for (let n = 2; n < count; n++) {
        storage.sql.exec(
          `INSERT INTO bundles (n, seq, at, hash, core, signature, invite_signature)
           SELECT ?, ?, at, hash, core, signature, invite_signature FROM bundles WHERE n = 1`,
          n,
          n + 1,
        );
      }
      const memory = core.get();
      memory.head = { ...memory.head, core: { ...memory.head.core, n: count - 1 } };
    });
    const conversations = [toBase64url(pair.conversation)];
    const { tails } = await pair.owner.person.browser.get("tails", { body: { conversations } });
    const items = (tails[0]?.items ?? []).map((item) => decodeLogItem(fromBase64url(item)));
    expect(items.filter((item) => "bundle" in item)).toHaveLength(count);
  });

  test("K13 tails: state, all bundles with the caller's seals and shares, the last 20 envelopes; foreign ones are absent", async () => {
    const pair = await seedPair();
    const other = await seedPair();
    const socket = await open(pair.owner, pair);
    await fill(pair, socket, pair.owner, pair.head, 30);
    const conversations = [pair, other].map(({ conversation }) => toBase64url(conversation));
    const { tails } = await pair.patient.person.browser.get("tails", { body: { conversations } });
    expect(tails.map(({ conversation }) => conversation)).toEqual(conversations.slice(0, 1));
    const items = (tails[0]?.items ?? []).map((item) => decodeLogItem(fromBase64url(item)));
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, ...upTo(32).slice(12)]);
    const state = decodeCbor(
      fromBase64url(tails[0]?.stateCbor ?? ""),
      conversationState,
      LIMITS.body,
    );
    expect(state).toMatchObject({
      lastSeq: 32,
      deviceSeq: 0,
      head: { n: 1, hash: pair.head.hash },
    });
    const [, joined] = items;
    const seals = joined && "bundle" in joined ? joined.bundle : null;
    expect(seals?.seals.map(({ recipient }) => recipient)).toEqual([
      pair.patient.author.account.id,
    ]);
    expect(seals?.grants).toHaveLength(1);
  });
});

describe("the archive's queries", () => {
  const plan = async (query: string, ...bindings: (string | number)[]): Promise<string[]> => {
    const { results } = await env.ARCHIVE_0.prepare(`EXPLAIN QUERY PLAN ${query}`)
      .bind(...bindings)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail).filter((detail) => detail.includes("envelopes"));
  };

  test("pages and times search the primary key and never scan the table", async () => {
    const id = toHex(randomBytes(32));
    for (const details of [
      await plan(PAGES.oldest, id, 1, 200, 1000),
      await plan(PAGES.newest, id, 1, 200, 1000),
      await plan(FIND_TIME, id, 1),
      await plan(PLACES, id, "[3,5]"),
      await plan(ERASE, id, "[3,5]"),
    ]) {
      expect(details.length).toBeGreaterThan(0);
      for (const detail of details) expect(detail).toMatch(/^SEARCH envelopes USING PRIMARY KEY/);
    }
  });

  test("the time found by bisection is the one found by looking at every item, holes and equal times included", async () => {
    const conversation = randomBytes(32);
    const items = upTo(200)
      .filter((seq) => seq % 7 !== 0)
      .map((seq) => ({
        seq,
        at: Math.floor(seq / 5) * 10,
        account: null,
        body: new Uint8Array([1]),
      }));
    await writeArchive(env.ARCHIVE_0, conversation, items);
    // Neighbours on either side of the key must not be found.
    for (const other of [randomBytes(32), randomBytes(32)]) {
      await writeArchive(env.ARCHIVE_0, other, [
        { seq: 3, at: 5, account: null, body: new Uint8Array([1]) },
      ]);
    }
    for (let time = -1; time <= 410; time += 3) {
      const expected = items.find(({ at }) => at >= time)?.seq ?? null;
      expect(await findTime(env.ARCHIVE_0, conversation, time)).toBe(expected);
    }
    expect(await findTime(env.ARCHIVE_0, randomBytes(32), 0)).toBeNull();
  });
});
