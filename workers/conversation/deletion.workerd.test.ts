import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "../protocol/limits.ts";
import { erasureRefusal } from "./upkeep/erase.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { alarmComes, open, seedPair } from "./scene.test-kit.ts";
import { ask, logged, archivedSize, isHeld, isDue, scene } from "./deletion.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("M5 a deletion at the server", () => {
  test("M5 the ciphertext is gone from tail, log, replay and D1; its neighbours stay (positive control)", async () => {
    const pair = await scene();
    const { owner, patient, stub } = pair;
    await alarmComes(stub);
    expect(await logged(patient, pair, { after: "0" })).toEqual([3, 4, 5, 6]);
    expect(await archivedSize(pair, 3)).toBeGreaterThan(0);
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    expect(await isHeld(pair, 3)).toBe(false);
    expect(await logged(patient, pair, { after: "0" })).toEqual([4, 5, 6]);
    const late = await open(patient, pair);
    await late.hello(2);
    await late.untilItems(3);
    expect(late.seqs).toEqual([4, 5, 6]);
    await alarmComes(stub);
    expect(await archivedSize(pair, 3)).toBe(0);
    expect(await archivedSize(pair, 4)).toBeGreaterThan(0);
    expect(await isDue(pair)).toBe(0);
    // Again: the same answer, and nothing else changes.
    expect(await ask(owner, pair, 3, 5)).toBe("ok");
    await alarmComes(stub);
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
