import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import {
  type Pair,
  countShares,
  down,
  freshInvite,
  open,
  sayBundle,
  seedPair,
  shareKeys,
  withDeps,
} from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";
import { sweepShares } from "./share-attempts.ts";
import { type ShareName, shareKey, shareNamed } from "./shares.ts";

vi.setConfig({ testTimeout: 30_000 });

/** Shares of all bundles, as a new instance gives them to somebody who has nothing. */
async function sharesRead(pair: Pair): Promise<(Uint8Array | null)[]> {
  await evictDurableObject(pair.stub);
  const socket = await open(pair.patient, pair);
  await socket.hello(0);
  await socket.untilItems(1);
  return socket.items.flatMap((item) => ("bundle" in item ? [item.bundle.share] : []));
}

const rowsOf = ({ stub, conversation }: Pair) =>
  runInDurableObject(stub, ({ core }) =>
    core.stores.bundles.range(0, 9).map((bundle) => shareKey(shareNamed(conversation, bundle))),
  );

describe("C7 shares and the bundles that name them", () => {
  test("a sweep between put and commit of a resend takes the orphan of the first attempt, and only that", async () => {
    const pair = await seedPair();
    const { owner, genesis, head, stub, conversation } = pair;
    const next = inviteBundle(owner.author, head, freshInvite());
    const socket = await open(owner, pair);
    const heal = await withDeps(pair, ({ shares }) => ({
      shares: {
        ...shares,
        async put(name, share) {
          await shares.put(name, share);
          return down();
        },
      },
    }));
    sayBundle(socket, next);
    expect(await socket.next("refused")).toMatchObject({ error: "unavailable" });
    await heal();
    const [orphan] = (await shareKeys(conversation)).filter((key) =>
      key.includes(toBase64url(next.hash)),
    );
    expect(orphan).toBeDefined();

    const core = await runInDurableObject(stub, (instance) => instance.core);
    const late: ShareName[] = [];
    let later = 0;
    const sweep = async () => {
      later = 2 * TUNING.orphanMs;
      await sweepShares(core).finally(() => {
        later = 0;
      });
    };
    await withDeps(pair, ({ now, shares }) => ({
      now: () => now() + later,
      shares: {
        ...shares,
        // What the first sweep asks for seems to fail, and is still on its way.
        delete(name) {
          if (late.length > 0) return shares.delete(name);
          late.push(name);
          return down();
        },
        async put(name, share) {
          await shares.put(name, share);
          for (const asked of late) await shares.delete(asked);
          await sweep();
        },
      },
    }));
    await runInDurableObject(stub, () => expect(sweep()).rejects.toThrow());
    expect(late.map(shareKey)).toEqual([orphan]);
    sayBundle(socket, next);
    expect(await socket.next("accepted")).toMatchObject({ n: 2, hash: next.hash });

    // Listed by the conversation: its bundles' shares, one each, and nothing else.
    const keys = await shareKeys(conversation);
    expect(keys).not.toContain(orphan);
    expect(keys.toSorted()).toEqual((await rowsOf(pair)).toSorted());
    for (const bundle of [genesis, head, next]) expect(await countShares(bundle)).toBe(1);
    expect(await runInDurableObject(stub, () => core.stores.ledger.oldestIntent())).toBeNull();
    const expected = [genesis, head, next].map(({ upload }) => upload.share);
    expect(await sharesRead(pair)).toEqual(expected);
  });

  test("what a build before attempts put is read where it lies, and its orphans are swept there", async () => {
    const pair = await seedPair();
    const { genesis, head, owner, stub } = pair;
    const never = inviteBundle(owner.author, head, freshInvite());
    const [, newKey = ""] = await rowsOf(pair);
    const oldKey = `shares/${toBase64url(head.hash)}`;
    const orphan = `shares/${toBase64url(never.hash)}`;
    await env.BLOBS.put(oldKey, head.upload.share);
    await env.BLOBS.put(orphan, never.upload.share);
    await env.BLOBS.delete(newKey);
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      sql.exec("UPDATE bundles SET attempt = NULL WHERE n = 1");
      for (const { hash } of [head, never]) {
        sql.exec("INSERT INTO share_intents (hash, at) VALUES (?, 1)", hash);
      }
    });
    const expected = [genesis, head].map(({ upload }) => upload.share);
    expect(await sharesRead(pair)).toEqual(expected);
    await runInDurableObject(stub, ({ core }) => sweepShares(core));
    expect(await env.BLOBS.head(orphan)).toBeNull();
    expect(await env.BLOBS.head(oldKey)).not.toBeNull();
    expect(await sharesRead(pair)).toEqual(expected);
    const left = await runInDurableObject(stub, ({ core }) => core.stores.ledger.oldestIntent());
    expect(left).toBeNull();
  });
});
