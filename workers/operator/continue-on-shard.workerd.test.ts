import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { passHash } from "../accounts/operator-pass.ts";
import { db } from "../accounts/person.test-kit.ts";
import { type Pair, seedPair } from "../conversation/scene.test-kit.ts";
import { conversations } from "../db/conversations.schema.ts";
import { operatorPasses } from "../db/operator-passes.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { conversationIdText } from "../protocol/ids.ts";
import { continueOnShard } from "./continue-on-shard.ts";

vi.setConfig({ testTimeout: 60_000 });

const PASS = "a pass to go on";
await db.insert(operatorPasses).values({
  hash: passHash(PASS),
  purpose: "continue-on-shard",
  expiresAt: Date.now() + 3_600_000,
});

const idOf = ({ conversation }: Pair) => conversationIdText(conversation);
const shardsOf = ({ stub }: Pair) => runInDurableObject(stub, ({ core }) => core.get().shards);
/** As the registry has it; the conversation reports it itself. */
const registered = (pair: Pair) =>
  db
    .select()
    .from(conversations)
    .where(eq(conversations.id, idOf(pair)))
    .get();
async function isRegistered(pair: Pair, shard: number): Promise<void> {
  await expect
    .poll(async () => {
      await pair.stub.catchUp();
      return (await registered(pair))?.shard;
    })
    .toBe(shard);
}

test("conversations of a full shard go on in the other one; to repeat it does no harm", async () => {
  const pairs = [await seedPair(), await seedPair()];
  for (const pair of pairs) await isRegistered(pair, 0);
  const operator = new Browser();
  const body = { pass: PASS, from: 0, to: 1, after: null };
  const { moved, next } = await operator.get("continueOnShard", { body });
  expect(moved).toBeGreaterThanOrEqual(2);
  expect(next).toBeNull();
  for (const pair of pairs) {
    expect(await shardsOf(pair)).toEqual([
      { from: 1, shard: 0 },
      { from: 3, shard: 1 },
    ]);
    await isRegistered(pair, 1);
  }
  const again = await operator.get("continueOnShard", { body });
  expect(again).toEqual({ moved: 0, failed: [], next: null });
});

test("one that has used the other shard before is named, and stays", async () => {
  const pair = await seedPair();
  await isRegistered(pair, 0);
  await pair.stub.continueOnShard(1);
  await isRegistered(pair, 1);
  expect(await continueOnShard(env, 1, 0, null)).toMatchObject({
    failed: expect.arrayContaining([idOf(pair)]),
  });
  expect((await shardsOf(pair)).at(-1)?.shard).toBe(1);
});

test("a shard that is not bound, or the same one, is refused; without its pass there is nothing here", async () => {
  const operator = new Browser();
  const outcome = (body: object) =>
    operator.outcome("continueOnShard", {
      body: { pass: PASS, from: 0, to: 1, after: null, ...body },
    });
  expect(await outcome({ to: 7 })).toBe("bad_request");
  expect(await outcome({ to: 0 })).toBe("bad_request");
  expect(await outcome({ pass: "another" })).toBe("not_found");
  expect(await outcome({})).toBe("ok");
});
