import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { db } from "../accounts/person.test-kit.ts";
import { sweepAll } from "../cron.ts";
import { conversationIdText } from "../protocol/ids.ts";
import { backlog, conversationsAfter } from "../registry/conversation-registry.ts";
import { sweep } from "../registry/sweep.ts";
import { archivedSize, ask, isDue, scene } from "./deletion.test-kit.ts";
import { type Scene, down, open, seedConversation, seedPair, withDeps } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 30_000 });

const alarmOf = ({ stub }: Scene): Promise<number | null> =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm());

const rowOf = ({ conversation }: Scene) =>
  env.DB.prepare("SELECT * FROM conversations WHERE id = ?")
    .bind(conversationIdText(conversation))
    .first<Record<string, unknown>>();

const isBehind = async (one: Scene): Promise<boolean> =>
  (await rowOf(one))?.["behind_since"] !== null;

const defect = (): never => {
  throw new TypeError("a defect");
};

describe("the alarm", () => {
  test.each([
    ["flush", { archive: defect }],
    ["erase", { eraseArchived: defect }],
    ["notify", { activity: defect }],
    ["report", { report: defect }],
    ["invitations", { tell: defect }],
    ["orphans", { shares: { put: down, get: down, delete: down } }],
  ])("an exception in %s ends no other task, and the alarm is set again", async (task, broken) => {
    const pair = await scene();
    await runInDurableObject(pair.stub, ({ core }) => {
      core.get().isReportDue = true;
      const [bundle, attempt] = [new Uint8Array(32), new Uint8Array(16)];
      const { conversation } = pair;
      core.stores.ledger.putIntent({ kind: "attempt", conversation, bundle, attempt }, 1);
      core.stores.ledger.queue({
        kind: "settle",
        invite: pair.invite.id,
        state: "used",
        account: null,
      });
    });
    expect(await ask(pair.owner, pair, 3, 5)).toBe("ok");
    const calls = new Set<string>();
    await withDeps(pair, (real) => ({
      archive: (...args) => {
        calls.add("flush");
        return real.archive(...args);
      },
      eraseArchived: (...args) => {
        calls.add("erase");
        return real.eraseArchived(...args);
      },
      activity: (...args) => {
        calls.add("notify");
        return real.activity(...args);
      },
      report: (...args) => {
        calls.add("report");
        return real.report(...args);
      },
      tell: (...args) => {
        calls.add("invitations");
        return real.tell(...args);
      },
      shares: {
        ...real.shares,
        delete: (hash) => {
          calls.add("orphans");
          return real.shares.delete(hash);
        },
      },
    }));
    await runInDurableObject(pair.stub, ({ core }) => {
      core.deps = { ...core.deps, ...broken };
      core.get().notified.clear();
    });
    await runInDurableObject(pair.stub, (instance) => instance.catchUp());
    // Those that share the neighbour wait with it; a flush goes before what is erased.
    const waiting: Record<string, string[]> = {
      flush: ["erase"],
      report: [],
      invitations: ["report"],
    };
    const expected = ["flush", "erase", "notify", "report", "invitations", "orphans"].filter(
      (name) => name !== task && !waiting[task]?.includes(name),
    );
    expect([...calls].toSorted()).toEqual(expected.toSorted());
    await expect.poll(() => alarmOf(pair)).not.toBeNull();
    await evictDurableObject(pair.stub);
    await pair.stub.catchUp();
  });

  test("an exception outside of every task neither leaves the alarm nor ends it", async () => {
    const pair = await seedPair();
    await runInDurableObject(pair.stub, async (instance) => {
      const { core } = instance;
      const { stores } = core;
      core.stores = {
        ...stores,
        ledger: Object.create(stores.ledger, {
          oldestIntent: { value: defect },
          queued: { value: defect },
        }),
      };
      await instance.alarm();
      expect(core.outages.all.length).toBeGreaterThan(0);
      core.stores = stores;
    });
    expect(await alarmOf(pair)).not.toBeNull();
    await runInDurableObject(pair.stub, (instance) => instance.catchUp());
    expect(await runInDurableObject(pair.stub, ({ core }) => core.outages.all)).toEqual([]);
  });

  test("that the platform has dropped is set again by a new instance", async () => {
    const pair = await seedPair();
    await withDeps(pair, () => ({ archive: down }));
    const socket = await open(pair.owner, pair);
    socket.send(pair.owner.write(pair.head));
    await socket.untilAcked(1);
    await runInDurableObject(pair.stub, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(pair.stub);
    // On a slow machine it has come by the time one looks, and done what only an alarm does.
    const isFlushed = () =>
      runInDurableObject(pair.stub, ({ core }) => core.get().flushed === core.get().last.seq);
    await expect.poll(async () => (await alarmOf(pair)) !== null || (await isFlushed())).toBe(true);
  });

  test("nothing due: no alarm, and a new instance sets none", async () => {
    const pair = await seedPair();
    await runInDurableObject(pair.stub, (instance) => instance.catchUp());
    await runDurableObjectAlarm(pair.stub);
    await evictDurableObject(pair.stub);
    await runInDurableObject(pair.stub, () => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(await alarmOf(pair)).toBeNull();
  });

  test("a neighbour that is away is asked less and less often, over evictions too, and the others as ever", async () => {
    const pair = await seedPair();
    let now = Date.now() + 60_000;
    const tries = { archive: 0, activity: 0 };
    const breakIt = () =>
      withDeps(pair, (real) => ({
        now: () => now,
        archive: () => {
          tries.archive += 1;
          return down();
        },
        activity: (...args) => {
          tries.activity += 1;
          return real.activity(...args);
        },
      }));
    await breakIt();
    const socket = await open(pair.owner, pair);
    for (let second = 0; second < 100; second++) {
      if (second % 20 === 0) {
        await evictDurableObject(pair.stub);
        await breakIt();
      }
      socket.send(pair.owner.write(pair.head));
      await socket.untilAcked(second + 1);
      await runInDurableObject(pair.stub, (instance) => instance.alarm());
      now += 1_000;
    }
    expect(tries.archive).toBeGreaterThan(3);
    expect(tries.archive).toBeLessThan(20);
    expect(tries.activity).toBeGreaterThan(50);
    await evictDurableObject(pair.stub);
    await pair.stub.catchUp();
  });
});

describe('decision "registry"', () => {
  test("a conversation is in it from its creation on, with owner, shard, time and size", async () => {
    const one = await seedConversation();
    await expect
      .poll(() => rowOf(one))
      .toMatchObject({ shard: 0, shards: "[[1,0]]", behind_since: null, bytes: 0 });
    expect((await rowOf(one))?.["owner"]).toBe(one.owner.person.id);
  });

  test("it is written when a conversation falls behind and when it has caught up, and for no message", async () => {
    const pair = await seedPair();
    await expect.poll(() => rowOf(pair)).not.toBeNull();
    let now = Date.now();
    let reports = 0;
    const heal = await withDeps(pair, (real) => ({
      now: () => now,
      archive: down,
      report: (report) => {
        reports += 1;
        return real.report(report);
      },
    }));
    const socket = await open(pair.owner, pair);
    const step = async (ms: number) => {
      socket.send(pair.owner.write(pair.head));
      await socket.untilAcked(socket.acked.length + 1);
      now += ms;
      await runInDurableObject(pair.stub, (instance) => instance.alarm());
    };
    await step(0);
    expect(reports).toBe(0);
    for (let i = 0; i < 5; i++) await step(TUNING.behindAfterMs);
    expect(reports).toBe(1);
    expect(await isBehind(pair)).toBe(true);
    expect((await backlog(db)).since).not.toBeNull();
    expect((await backlog(db)).conversations).toBeGreaterThan(0);
    await heal();
    await runInDurableObject(pair.stub, (instance) => instance.catchUp());
    expect(await isBehind(pair)).toBe(false);
    expect((await rowOf(pair))?.["bytes"]).toBeGreaterThan(0);
  });

  test("M5 the cron wakes what is behind: a deletion reaches D1 though the alarm was lost", async () => {
    const pair = await scene();
    await runInDurableObject(pair.stub, (instance) => instance.catchUp());
    let now = Date.now();
    await withDeps(pair, () => ({ now: () => now, eraseArchived: down }));
    expect(await ask(pair.owner, pair, 3, 5)).toBe("ok");
    await runInDurableObject(pair.stub, (instance) => instance.alarm());
    now += 2 * TUNING.behindAfterMs;
    await runInDurableObject(pair.stub, (instance) => instance.alarm());
    expect(await isBehind(pair)).toBe(true);
    await runInDurableObject(pair.stub, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(pair.stub);
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    await sweepAll(env, Date.now());
    await expect.poll(() => archivedSize(pair, 3)).toBe(0);
    expect(await isDue(pair)).toBe(0);
    expect(await isBehind(pair)).toBe(false);
  });

  test("a run takes a slice, and the next one goes on where it stopped", async () => {
    const behind: Scene[] = [];
    for (let i = 0; i < 3; i++) behind.push(await seedConversation());
    const mark = async () => {
      for (const { conversation, stub } of behind) {
        await runInDurableObject(stub, (instance) => instance.catchUp());
        await env.DB.prepare("UPDATE conversations SET behind_since = 1 WHERE id = ?")
          .bind(conversationIdText(conversation))
          .run();
      }
    };
    await env.DB.prepare("DELETE FROM sweep_cursors").run();
    await env.DB.prepare("UPDATE conversations SET behind_since = NULL").run();
    await mark();
    const before = await conversationsAfter(db, "", 1000, "behind");
    const left = async () => (await conversationsAfter(db, "", 1000, "behind")).length;
    await sweep(env, 0, 2);
    expect(await left()).toBe(before.length - 2);
    // Those before the cursor wait for the next round, whatever comes up there.
    await env.DB.prepare("UPDATE conversations SET behind_since = 1 WHERE id = ?")
      .bind(before[0] ?? "")
      .run();
    await sweep(env, 0, 2);
    expect(await conversationsAfter(db, "", 1000, "behind")).toContain(before[0]);
    await sweep(env, 0, 1000);
    await sweep(env, 0, 1000);
    expect(await left()).toBe(0);
    expect((await conversationsAfter(db, "", 1000, "all")).length).toBeGreaterThan(2);
  });
});
