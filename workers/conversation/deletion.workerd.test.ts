import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { toHex } from "../archive/hex.ts";
import { writeArchive } from "../archive/write.ts";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { type LogItem, decodeLogItem } from "../protocol/frames.ts";
import { LIMITS } from "../protocol/limits.ts";
import { erasureRefusal } from "./erase.ts";
import { RateLimiter } from "./rate-limit.ts";
import {
  type Pair,
  type Scene,
  type Writer,
  down,
  fill,
  open,
  seedPair,
  withDeps,
} from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 30_000 });

const path = ({ conversation }: Scene) => ({ conversation: toBase64url(conversation) });

const ask = async (who: Writer, scene: Scene, seq: number, deletion: number): Promise<string> => {
  const { browser } = who.person;
  const body = { seq, deletion };
  return (await browser.call("deletions", { params: path(scene), body })).outcome;
};

/** Places of a page of the log that hold an envelope. */
async function logged(who: Writer, scene: Scene, query: Record<string, string>): Promise<number[]> {
  const answer = await who.person.browser.call("log", { params: path(scene), query });
  const items = (answer.result?.items ?? []).map(
    (text): LogItem => decodeLogItem(fromBase64url(text)),
  );
  return items.flatMap((item) => ("envelope" in item ? [item.seq] : []));
}

/** Bytes that D1 has at a place; null: no row. */
async function archivedSize({ conversation }: Scene, seq: number): Promise<number | null> {
  const row = await env.DB.prepare(
    "SELECT length(body) AS size FROM envelopes WHERE conversation = unhex(?) AND seq = ?",
  )
    .bind(toHex(conversation), seq)
    .first<{ size: number }>();
  return row?.size ?? null;
}

/** Whether any row of the object, released ones included, has this place's ciphertext. */
const isHeld = ({ stub }: Scene, seq: number): Promise<boolean> =>
  runInDurableObject(
    stub,
    (_, { storage }) =>
      storage.sql.exec("SELECT 1 FROM tail WHERE seq = ? AND body IS NOT NULL", seq).toArray()
        .length > 0,
  );

const isDue = ({ stub }: Scene): Promise<number> =>
  runInDurableObject(
    stub,
    (_, { storage }) => storage.sql.exec("SELECT seq FROM erasures").toArray().length,
  );

/** The owner has written 3 (to be deleted), 4 and 5 (which says so); the patient 6. */
async function scene(): Promise<Pair> {
  const pair = await seedPair();
  const [one, two] = [await open(pair.owner, pair), await open(pair.patient, pair)];
  one.send(...pair.owner.writeMany(pair.head, 3));
  await one.untilAcked(3);
  two.send(pair.patient.write(pair.head));
  await two.untilAcked(1);
  return pair;
}

describe("M5 a deletion at the server", () => {
  test("M5 the ciphertext is gone from tail, log, replay and D1; its neighbours stay (positive control)", async () => {
    const pair = await scene();
    const { owner, patient, stub } = pair;
    await runDurableObjectAlarm(stub);
    expect(await logged(patient, pair, { after: "0" })).toEqual([3, 4, 5, 6]);
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    expect(await isHeld(pair, 3)).toBe(false);
    expect(await logged(patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    const late = await open(patient, pair);
    await late.hello(2);
    await late.untilItems(3);
    expect(late.seqs).toEqual([4, 5, 6]);
    await runDurableObjectAlarm(stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await archivedSize(pair, 4)).toBeGreaterThan(0);
    expect(await isDue(pair)).toBe(0);
    // Again: the same answer, and nothing else changes.
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    await runDurableObjectAlarm(stub);
    expect(await logged(patient, pair, { after: "0" })).toEqual([4, 5, 6]);
  });

  test("M5, M6 the device's numbers stay: a retry of what was deleted is known, through an eviction too", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    const one = await open(owner, pair);
    const written = owner.writeMany(head, 2);
    one.send(...written);
    await one.untilAcked(2);
    expect(await ask(owner, pair, 3, 4)).toBe("ok");
    await evictDurableObject(stub);
    expect(await isHeld(pair, 3)).toBe(false);
    one.send(...written, owner.write(head));
    await one.untilAcked(5);
    expect(one.acked.slice(2, 4)).toEqual(one.acked.slice(0, 2));
    expect(one.acked[4]?.seq).toBe(5);
  });

  test("M5 only the author's account, by a later message of its own; foreign and absent are one answer", async () => {
    const pair = await scene();
    const { owner, patient } = pair;
    const stranger = { ...pair, owner: await seedPair().then((other) => other.owner) };
    for (const [who, seq, deletion] of [
      [patient, 3, 6], // another's message
      [owner, 3, 6], // named by another's message
      [owner, 3, 9], // no such deletion
      [owner, 9, 10], // neither
      [owner, 3, 3],
      [owner, 4, 3], // what came before cannot delete
      [owner, 1, 5], // a bundle
      [stranger.owner, 3, 5], // no member
    ] as const) {
      expect(await ask(who, pair, seq, deletion)).toBe("not_found");
    }
    expect(await logged(patient, pair, { after: "0" })).toEqual([3, 4, 5, 6]);
    expect(await isDue(pair)).toBe(0);
    // What was removed says nothing any more, so it deletes nothing either.
    expect(await ask(owner, pair, 4, 5)).toBe("ok");
    expect(await ask(owner, pair, 3, 4)).toBe("not_found");
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
  });

  test("M5 what is older than the limit by the server's clock stays, however the request is timed", () => {
    const account = new Uint8Array(32).fill(1);
    const target = { seq: 3, at: 1_000, account, isEmpty: false };
    const last = 1_000 + LIMITS.changeMs + LIMITS.clockSkewMs;
    const by = (at: number) => erasureRefusal(account, target, { ...target, seq: 5, at });
    expect(by(last)).toBeNull();
    expect(by(last + 1)).toBe("bad_request");
  });

  test("M5 too old over HTTP, with a message of yesterday and a deletion of today", async () => {
    const pair = await scene();
    const { owner, head, stub } = pair;
    const heal = await runInDurableObject(stub, (instance) => {
      const real = instance.core.deps;
      const ahead = LIMITS.changeMs + LIMITS.clockSkewMs + 60_000;
      instance.core.deps = { ...real, now: () => Date.now() + ahead };
      return () => {
        instance.core.deps = real;
      };
    });
    const one = await open(owner, pair);
    one.send(owner.write(head));
    await one.untilAcked(1);
    await runInDurableObject(stub, heal);
    expect(await ask(owner, pair, 3, 7)).toBe("bad_request");
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
  });

  test("M5 requests are rate-limited", async () => {
    const pair = await scene();
    const once = { burst: 1, perSecond: 0.001 };
    await runInDurableObject(pair.stub, (instance) => {
      instance.core.limiter = new RateLimiter({ device: once, address: once });
    });
    expect(await ask(pair.owner, pair, 3, 5)).toBe("ok");
    expect(await ask(pair.owner, pair, 4, 5)).toBe("rate_limited");
  });
});

describe("M5 D1", () => {
  test("M5 D1 down: the answer is given, nothing is shown, and D1 is emptied when it is back, after an eviction", async () => {
    const pair = await scene();
    const { owner, patient, stub } = pair;
    await runDurableObjectAlarm(stub);
    await withDeps(pair, () => ({ eraseArchived: down }));
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    await runDurableObjectAlarm(stub);
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    expect(await isDue(pair)).toBe(1);
    expect(await logged(patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    // The eviction brings the real neighbour back; the alarm was set again by the failed one.
    await evictDurableObject(stub);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await isDue(pair)).toBe(0);
  });

  test("M5 a target that has left the tail: D1 says whose it is, and both lose it", async () => {
    const pair = await scene();
    const { owner, patient, head, stub } = pair;
    const one = await open(owner, pair);
    await fill(pair, one, owner, head, TUNING.tailKeep + TUNING.pruneStep);
    await runDurableObjectAlarm(stub);
    const last = await runInDurableObject(stub, ({ core }) => {
      expect(core.memory?.pruned).toBeGreaterThan(6);
      return core.memory?.last.seq ?? 0;
    });
    // Released, and not yet overwritten.
    expect(await isHeld(pair, 3)).toBe(true);
    expect(await ask(owner, pair, 6, last)).toBe("not_found");
    expect(await ask(owner, pair, 1, last)).toBe("not_found");
    const heal = await withDeps(pair, () => ({ archivedPlaces: down }));
    expect(await ask(owner, pair, 3, last)).toBe("unavailable");
    expect(await isDue(pair)).toBe(0);
    await heal();
    expect(await ask(owner, pair, 3, last)).toBe("ok");
    expect(await isHeld(pair, 3)).toBe(false);
    await runDurableObjectAlarm(stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await logged(patient, pair, { before: "7" })).toEqual([4, 5, 6]);
    expect(await ask(owner, pair, 3, last)).toBe("ok");
  });

  test("M5 a flush that has read the ciphertext cannot bring it back", async () => {
    const pair = await scene();
    const { owner, stub } = pair;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reading = Promise.withResolvers<void>();
    await withDeps(pair, (real) => ({
      async archive(shard, conversation, items) {
        reading.resolve();
        await gate;
        await real.archive(shard, conversation, items);
      },
    }));
    const flushing = runDurableObjectAlarm(stub);
    await reading.promise;
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    expect(await archivedSize(pair, 3)).toBeNull();
    release();
    await flushing;
    await expect.poll(() => archivedSize(pair, 3), { timeout: 5_000 }).toBe(0);
    expect(await archivedSize(pair, 4)).toBeGreaterThan(0);
  });

  test("M5 a write of D1 that was given up and lands late brings nothing back", async () => {
    const pair = await scene();
    const { owner, stub } = pair;
    const late: (() => Promise<void>)[] = [];
    const heal = await withDeps(pair, () => ({
      archive(_shard, conversation, items) {
        late.push(() => writeArchive(env.DB, conversation, items));
        return down();
      },
    }));
    await runDurableObjectAlarm(stub);
    expect(late).toHaveLength(1);
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    // D1 may get that write at any time, so what it does not have yet is not done.
    await runDurableObjectAlarm(stub);
    expect(await isDue(pair)).toBe(1);
    await late[0]?.();
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    await heal();
    await runDurableObjectAlarm(stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    for (const land of late) await land();
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await archivedSize(pair, 4)).toBeGreaterThan(0);
  });

  test("M5 a message that is deleted before D1 had it is archived as an empty place of its author", async () => {
    const pair = await scene();
    expect(await ask(pair.owner, pair, 3, 5)).toBe("ok");
    await runDurableObjectAlarm(pair.stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await logged(pair.patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    await runInDurableObject(pair.stub, async ({ core }) => {
      const { shard, conversation } = core.get();
      expect(await core.deps.archivedPlaces(shard, conversation, [1, 3])).toMatchObject([
        { seq: 3, account: pair.owner.person.account.id, isEmpty: true },
      ]);
    });
  });

  test("M5 somebody of another conversation with the same numbers changes nothing here", async () => {
    const [here, there] = [await scene(), await scene()];
    expect(await ask(there.owner, there, 3, 5)).toBe("ok");
    await runDurableObjectAlarm(here.stub);
    await runDurableObjectAlarm(there.stub);
    expect(await archivedSize(here, 3)).toBeGreaterThan(0);
    expect(await archivedSize(there, 3)).toBe(0);
    const { browser } = await seedPerson("patient");
    const body = { seq: 4, deletion: 5 };
    expect((await browser.call("deletions", { params: path(here), body })).outcome).toBe(
      "not_found",
    );
  });
});
