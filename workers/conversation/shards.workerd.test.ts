import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { toHex } from "../archive/hex.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { decodeLogItem } from "../protocol/frames.ts";
import { archivedSize, ask, logged, path } from "./deletion.test-kit.ts";
import { type Pair, alarmComes, down, fill, open, seedPair, withDeps } from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 60_000 });

const inShard = async (shard: D1Database, { conversation }: Pair) =>
  shard
    .prepare(
      "SELECT min(seq) AS first, max(seq) AS last FROM envelopes WHERE conversation = unhex(?)",
    )
    .bind(toHex(conversation))
    .first<{ first: number | null; last: number | null }>();

/** A conversation that went on in shard 1 from place 203, and both of whose parts have left the object. */
async function movedPair() {
  const pair = await seedPair();
  const socket = await open(pair.owner, pair);
  let now = Date.now();
  await withDeps(pair, () => ({ now: () => (now += 10) }));
  await fill(pair, socket, pair.owner, pair.head, 200);
  const answer = await pair.stub.continueOnShard(1);
  expect(answer).toEqual({ ok: true, value: 203 });
  await fill(pair, socket, pair.owner, pair.head, TUNING.tailKeep + TUNING.pruneStep);
  await alarmComes(pair.stub);
  await evictDurableObject(pair.stub);
  const { pruned, last } = await runInDurableObject(pair.stub, ({ core }) => ({ ...core.get() }));
  expect(pruned).toBeGreaterThan(300);
  return { ...pair, last: last.seq };
}

describe('decision "archive shards"', () => {
  test("what comes after the border goes to the other shard, and pages cross it both ways", async () => {
    const pair = await movedPair();
    expect(await inShard(env.ARCHIVE_0, pair)).toEqual({ first: 1, last: 202 });
    expect(await inShard(env.ARCHIVE_1, pair)).toEqual({ first: 203, last: pair.last });
    const envelopes = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i);
    expect(await logged(pair.patient, pair, { after: "180", limit: "60" })).toEqual(
      envelopes(181, 240),
    );
    expect(await logged(pair.patient, pair, { before: "230", limit: "60" })).toEqual(
      envelopes(170, 229),
    );
    const seen: number[] = [];
    while (seen.length < pair.last - 2) {
      seen.push(...(await logged(pair.patient, pair, { after: `${seen.at(-1) ?? 0}` })));
    }
    expect(seen).toEqual(envelopes(3, pair.last));
  });

  test("a time is found on either side of the border", async () => {
    const pair = await movedPair();
    const atOf = async (seq: number): Promise<string> => {
      const query = { after: `${seq - 1}`, limit: "1" };
      const { items } = await pair.patient.person.browser.get("log", { params: path(pair), query });
      return `${decodeLogItem(fromBase64url(items[0] ?? "")).at}`;
    };
    for (const seq of [100, 202, 203, 260]) {
      const found = await logged(pair.patient, pair, { at: await atOf(seq), limit: "2" });
      expect(found).toEqual([seq, seq + 1]);
    }
  });

  test("M5 a deletion empties the place in the shard that has it", async () => {
    const pair = await movedPair();
    expect(await ask(pair.owner, pair, 150, pair.last)).toBe("ok");
    expect(await ask(pair.owner, pair, 250, pair.last)).toBe("ok");
    await alarmComes(pair.stub);
    expect(await archivedSize(pair, 150)).toBe(0);
    expect(await archivedSize(pair, 151)).toBeGreaterThan(0);
    const sizes = await env.ARCHIVE_1.prepare(
      "SELECT seq, length(body) AS size FROM envelopes WHERE conversation = unhex(?) AND seq IN (250, 251)",
    )
      .bind(toHex(pair.conversation))
      .all<{ seq: number; size: number }>();
    expect(sizes.results.map(({ size }) => size > 0)).toEqual([false, true]);
  });

  test("a shard that is not bound or was used before is refused, and nothing changes", async () => {
    const pair = await seedPair();
    const refused = { ok: false, error: "bad_request" };
    expect(await pair.stub.continueOnShard(7)).toEqual(refused);
    expect(await pair.stub.continueOnShard(0)).toEqual(refused);
    expect(await runInDurableObject(pair.stub, ({ core }) => core.get().shards)).toEqual([
      { from: 1, shard: 0 },
    ]);
    // The positive control; and what lies before the border waits for its own shard.
    expect(await pair.stub.continueOnShard(1)).toEqual({ ok: true, value: 3 });
    const heal = await withDeps(pair, ({ archive }) => ({
      archive: (shard, ...rest) => (shard === 0 ? down() : archive(shard, ...rest)),
    }));
    await alarmComes(pair.stub);
    await heal();
    expect(await runInDurableObject(pair.stub, ({ core }) => core.get().pruned)).toBe(0);
  });
});
