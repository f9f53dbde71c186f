import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { toHex } from "../archive/hex.ts";
import { alarmComes, down, fill, open, seedPair, withDeps } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 30_000 });

const archivedSeqs = async (conversation: Uint8Array): Promise<number[]> => {
  const { results } = await env.ARCHIVE_0.prepare(
    "SELECT seq FROM envelopes WHERE conversation = unhex(?) ORDER BY seq",
  )
    .bind(toHex(conversation))
    .all<{ seq: number }>();
  return results.map(({ seq }) => seq);
};

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("eviction", () => {
  test("M6 sockets survive; a retry is known, the next message is taken, live delivery goes on", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await one.hello(2);
    await two.hello(2);
    const before = owner.writeMany(head, 3);
    one.send(...before);
    await one.untilAcked(3);
    await evictDurableObject(stub);
    one.send(...before);
    await one.untilAcked(6);
    expect(one.acked.slice(3)).toEqual(one.acked.slice(0, 3));
    one.send(owner.write(head));
    await one.untilAcked(7);
    await two.untilItems(4);
    expect(two.seqs).toEqual([3, 4, 5, 6]);
    expect(one.closed).toBeNull();
    // In the middle of a flush, too: what is in D1 and what is not.
    await alarmComes(stub);
    one.send(owner.write(head));
    await one.untilAcked(8);
    await evictDurableObject(stub);
    const { state } = await one.hello(6);
    expect(state).toMatchObject({ lastSeq: 7, deviceSeq: 5 });
  });

  test("M6 a device whose messages have left the tail is still known", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    const mine = owner.writeMany(head, 5);
    one.send(...mine);
    await one.untilAcked(5);
    const count = TUNING.tailKeep + TUNING.pruneStep;
    await fill(pair, two, patient, head, count);
    await alarmComes(stub);
    await evictDurableObject(stub);
    await runInDurableObject(stub, (instance) => {
      expect(instance.core.memory?.pruned).toBeGreaterThan(7);
    });
    one.send(...mine, owner.write(head));
    await one.untilAcked(11);
    expect(one.acked.slice(5, 10)).toEqual(one.acked.slice(0, 5));
    expect(one.acked[10]?.seq).toBe(2 + 5 + count + 1);
  });

  test('decision "one order": resume from a cursor: everything missed, once, then live; too old a cursor is told to page', async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const one = await open(owner, pair);
    await fill(pair, one, owner, head, 250);
    const two = await open(patient, pair);
    await two.hello(1);
    one.send(owner.write(head));
    await two.untilItems(252);
    expect(two.seqs).toEqual(upTo(253).slice(1));
    expect(Math.max(...two.all("log").map(({ items }) => items.length))).toBe(100);
    await fill(pair, one, owner, head, TUNING.tailKeep + TUNING.pruneStep);
    await alarmComes(stub);
    const late = await open(patient, pair);
    expect(await late.hello(0)).toMatchObject({ behind: true });
    one.send(owner.write(head));
    await one.untilAcked(251 + TUNING.tailKeep + TUNING.pruneStep + 1);
    expect(late.items).toEqual([]);
    const { state } = await late.hello((await lastSeq(pair)) - 10);
    await late.untilItems(10);
    one.send(owner.write(head));
    await late.untilItems(11);
    expect(late.seqs.at(-1)).toBe(state.lastSeq + 1);
  });
});

describe("a hello from beyond the log", () => {
  test("M6 is refused as a rollback, with the state that shows it, and is not live; at the end of the log it is welcome", async () => {
    const pair = await seedPair();
    const [one, two] = [await open(pair.owner, pair), await open(pair.patient, pair)];
    const { state } = await two.hello(3);
    expect(state.lastSeq).toBe(2);
    expect(await two.next("refused")).toMatchObject({ ref: null, error: "rolled_back" });
    const three = await open(pair.patient, pair);
    await three.hello(2);
    one.send(pair.owner.write(pair.head));
    await three.untilItems(1);
    expect(two.items).toEqual([]);
    expect(three.all("refused")).toEqual([]);
  });
});

const lastSeq = (pair: Awaited<ReturnType<typeof seedPair>>): Promise<number> =>
  runInDurableObject(pair.stub, (instance) => instance.core.memory?.last.seq ?? 0);

describe("flush to D1", () => {
  test('decision "durable log": every item exactly once, however often it is repeated, and the alarm comes by itself', async () => {
    const pair = await seedPair();
    const { owner, head, stub, conversation } = pair;
    const socket = await open(owner, pair);
    await fill(pair, socket, owner, head, 130);
    await alarmComes(stub);
    // The alarm may have come by itself, and still be under way.
    await expect.poll(() => archivedSeqs(conversation)).toEqual(upTo(132));
    // An eviction forgets what was flushed; writing it again changes nothing.
    await evictDurableObject(stub);
    await fill(pair, socket, owner, head, 3);
    await alarmComes(stub);
    await expect.poll(() => archivedSeqs(conversation)).toEqual(upTo(135));
    await fill(pair, socket, owner, head, TUNING.flushRows);
    await expect
      .poll(async () => (await archivedSeqs(conversation)).length)
      .toBeGreaterThanOrEqual(TUNING.flushRows);
  });

  test("D1 down: sends go on at once, nothing is lost, and the tail keeps what D1 does not have", async () => {
    const pair = await seedPair();
    const { owner, patient, head, stub, conversation } = pair;
    await alarmComes(stub);
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await two.hello(2);
    const heal = await withDeps(pair, () => ({ archive: down }));
    const count = TUNING.tailKeep + 2 * TUNING.pruneStep;
    for (let i = 0; i < 3; i++) {
      await fill(pair, one, owner, head, count / 4);
      await alarmComes(stub);
    }
    await fill(pair, one, owner, head, count / 4);
    await two.untilItems(count);
    expect(await archivedSeqs(conversation)).toEqual([1, 2]);
    const late = await open(patient, pair);
    expect((await late.hello(2)).behind).toBe(false);
    await late.untilItems(count);
    expect(late.seqs).toEqual(upTo(count + 2).slice(2));
    await heal();
    await stub.catchUp();
    expect(await archivedSeqs(conversation)).toEqual(upTo(count + 2));
  });

  test("a flush that hangs does not hold up sends", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    const socket = await open(owner, pair);
    let release: () => void = () => undefined;
    const heal = await withDeps(pair, () => ({
      archive: () => new Promise<void>((resolve) => (release = resolve)),
    }));
    socket.send(owner.write(head));
    await socket.untilAcked(1);
    const alarm = alarmComes(stub);
    socket.send(owner.write(head));
    await socket.untilAcked(2);
    await heal();
    await runInDurableObject(stub, () => release());
    await alarm;
  });
});

describe("a storage failure inside a turn", () => {
  test.each([
    ["once: tried again, nobody notices", 1],
    ["twice: told, and the retry finds a clean state", 2],
  ])("nothing is told of what was rolled back; %s", async (_, failures) => {
    const pair = await seedPair();
    const { owner, patient, head, stub } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await one.hello(2);
    await two.hello(2);
    await runInDurableObject(stub, ({ core }) => {
      const transact = core.transact.bind(core);
      let left = failures;
      core.transact = (work) =>
        transact(() => {
          const result = work();
          if (left-- > 0) throw new Error("disk full");
          return result;
        });
    });
    const envelopes = owner.writeMany(head, 3);
    one.send(...envelopes);
    if (failures === 2) {
      expect(await one.next("refused")).toMatchObject({ ref: null, error: "internal" });
      expect(one.acked).toEqual([]);
      one.send(...envelopes);
    }
    await one.untilAcked(3);
    await two.untilItems(3);
    expect(two.seqs).toEqual([3, 4, 5]);
    expect(one.acked.map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });
});
