import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { writeArchive } from "../archive/write.ts";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { alarmComes, down, fill, open, withDeps } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";
import { path, ask, logged, archivedSize, isHeld, isDue, scene } from "./deletion.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("M5 D1", () => {
  test("M5 D1 down: the answer is given, nothing is shown, and D1 is emptied when it is back, after an eviction", async () => {
    const pair = await scene();
    const { owner, patient, stub } = pair;
    await alarmComes(stub);
    await withDeps(pair, () => ({ eraseArchived: down }));
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    await alarmComes(stub);
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    expect(await isDue(pair)).toBe(1);
    expect(await logged(patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    // The eviction brings the real neighbour back; the alarm was set again by the failed one.
    await evictDurableObject(stub);
    const alarm = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    expect(alarm).not.toBeNull();
    await stub.catchUp();
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await isDue(pair)).toBe(0);
  });

  test("M5 a target that has left the tail: D1 says whose it is, and both lose it", async () => {
    const pair = await scene();
    const { owner, patient, head, stub } = pair;
    const one = await open(owner, pair);
    await fill(pair, one, owner, head, TUNING.tailKeep + TUNING.pruneStep);
    // The alarm may have come by itself before everything was written.
    const pruned = async () => {
      await alarmComes(stub);
      return runInDurableObject(stub, ({ core }) => core.get().pruned);
    };
    await expect.poll(pruned, { timeout: 10_000 }).toBeGreaterThan(6);
    const last = await runInDurableObject(stub, ({ core }) => core.get().last.seq);
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
    await alarmComes(stub);
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
    const flushing = alarmComes(stub);
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
        late.push(() => writeArchive(env.ARCHIVE_0, conversation, items));
        return down();
      },
    }));
    await alarmComes(stub);
    expect(late).toHaveLength(1);
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    // D1 may get that write at any time, so what it does not have yet is not done.
    await stub.catchUp();
    expect(await isDue(pair)).toBe(1);
    await late[0]?.();
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    await heal();
    await stub.catchUp();
    expect(await archivedSize(pair, 3)).toBe(0);
    for (const land of late) await land();
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await archivedSize(pair, 4)).toBeGreaterThan(0);
  });

  test("M5 a message that is deleted before D1 had it is archived as an empty place of its author", async () => {
    const pair = await scene();
    expect(await ask(pair.owner, pair, 3, 5)).toBe("ok");
    await alarmComes(pair.stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await logged(pair.patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    await runInDurableObject(pair.stub, async ({ core }) => {
      const { conversation } = core.get();
      expect(await core.deps.archivedPlaces(0, conversation, [1, 3])).toMatchObject([
        { seq: 3, account: pair.owner.person.account.id, isEmpty: true },
      ]);
    });
  });

  test("M5 somebody of another conversation with the same numbers changes nothing here", async () => {
    const [here, there] = [await scene(), await scene()];
    expect(await ask(there.owner, there, 3, 5)).toBe("ok");
    await alarmComes(here.stub);
    await alarmComes(there.stub);
    expect(await archivedSize(here, 3)).toBeGreaterThan(0);
    expect(await archivedSize(there, 3)).toBe(0);
    const { browser } = await seedPerson("patient");
    const body = { seq: 4, deletion: 5 };
    expect((await browser.call("deletions", { params: path(here), body })).outcome).toBe(
      "not_found",
    );
  });
});
