import {
  applyD1Migrations,
  evictDurableObject,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { passHash } from "../accounts/operator-pass.ts";
import { type Person, db, seedPerson } from "../accounts/person.test-kit.ts";
import { toHex } from "../archive/hex.ts";
import { type Pair, fill, open, seedPair } from "../conversation/scene.test-kit.ts";
import { TUNING } from "../conversation/settings.ts";
import { openInbox } from "../conversation/socket.test-kit.ts";
import { manifests } from "../db/accounts.schema.ts";
import { operatorPasses } from "../db/operator-passes.schema.ts";
import { invitations } from "../db/invitations.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { conversationIdText } from "../protocol/ids.ts";
import type { AfterRestoreResult } from "../protocol/http/operator.ts";

vi.setConfig({ testTimeout: 120_000 });

const PASS = "a pass of the operator";

// A run visits everybody there is: in the shared storage that would be the people of all other files.
beforeEach(async () => {
  await reset();
  for (const database of [env.DB, env.ARCHIVE_0, env.ARCHIVE_1]) {
    await applyD1Migrations(database, env.TEST_MIGRATIONS);
  }
  await db
    .insert(operatorPasses)
    .values({ hash: passHash(PASS), purpose: "after-restore", expiresAt: Date.now() + 3_600_000 });
});

/** The whole run, as the command makes it; only what concerns this conversation and these people. */
async function runAll(): Promise<AfterRestoreResult[]> {
  const steps: AfterRestoreResult[] = [];
  const operator = new Browser();
  for (let after: AfterRestoreResult["next"] = null; ; ) {
    const step: AfterRestoreResult = await operator.get("afterRestore", {
      body: { pass: PASS, after },
    });
    steps.push(step);
    if (step.done) return steps;
    after = step.next;
  }
}

const archived = async ({ conversation }: Pair) => {
  const { results } = await env.ARCHIVE_0.prepare(
    "SELECT seq FROM envelopes WHERE conversation = unhex(?) ORDER BY seq",
  )
    .bind(toHex(conversation))
    .all<{ seq: number }>();
  return results.map(({ seq }) => seq);
};
/** Everything is in the archive, by this alarm or by one that was under way. */
const flush = (stub: Pair["stub"]) =>
  vi.waitFor(async () => {
    await runDurableObjectAlarm(stub);
    const { flushed, last } = await runInDurableObject(stub, ({ core }) => core.get());
    expect(flushed).toBe(last.seq);
  }, 20_000);
/** What a restore to an earlier moment does to the archive. */
const forgetAfter = ({ conversation }: Pair, seq: number) =>
  env.ARCHIVE_0.prepare("DELETE FROM envelopes WHERE conversation = unhex(?) AND seq > ?")
    .bind(toHex(conversation), seq)
    .run();
const lossOf = (steps: readonly AfterRestoreResult[], { conversation }: Pair) => {
  const id = toBase64url(conversation);
  const gaps = steps.flatMap(({ lost }) => lost).filter((gap) => gap.conversation === id);
  return [...new Map(gaps.map(({ from, to }) => [from, { from, to }])).values()];
};
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

test("the Worker makes of a pass what a command makes of it", () => {
  // The same vector stands in scripts/ops/restore-report.test.ts.
  expect(passHash("a pass")).toBe("__3xBb7GXyuMgMKVRK6PfoW90eBzwBWdusEUi8XmUPc");
});

describe("after a restore of D1", () => {
  test("K12 every session ends, in D1 and of sockets whose session D1 has forgotten", async () => {
    const person = await seedPerson("patient");
    const inbox = await openInbox(person);
    const pair = await seedPair();
    const socket = await open(pair.patient, pair);
    await db.delete(sessions).where(eq(sessions.account, person.id));
    await db.delete(sessions).where(eq(sessions.account, pair.patient.person.id));
    await runAll();
    expect(await inbox.closing()).toBe(CLOSE.signedOut);
    expect(await socket.closing()).toBe(CLOSE.signedOut);
    expect(await db.$count(sessions)).toBe(0);
    expect(await pair.owner.person.browser.outcome("session")).toBe("unauthenticated");
  });

  test("what the object still has is written again, and nothing is lost", async () => {
    const pair = await seedPair();
    const socket = await open(pair.patient, pair);
    await fill(pair, socket, pair.patient, pair.head, 40);
    await flush(pair.stub);
    expect(await archived(pair)).toEqual(upTo(42));
    await forgetAfter(pair, 10);
    // New messages reach the restored database before the operator's command: a hole, and no end to see it by.
    await runInDurableObject(pair.stub, ({ core }) => expect(core.memory?.flushed).toBe(42));
    const steps = await runAll();
    expect(await archived(pair)).toEqual(upTo(42));
    expect(lossOf(steps, pair)).toEqual([]);
    expect(steps.reduce((sum, { rewritten }) => sum + rewritten, 0)).toBeGreaterThanOrEqual(32);
  });

  test("what neither has is named, also in a hole; a second run finds the same and does nothing", async () => {
    const pair = await seedPair();
    const { patient, head, stub } = pair;
    const socket = await open(patient, pair);
    const count = TUNING.tailKeep + 2 * TUNING.pruneStep;
    await fill(pair, socket, patient, head, count);
    await flush(stub);
    const { pruned } = await runInDurableObject(stub, ({ core }) => core.get());
    expect(pruned).toBeGreaterThan(100);
    await forgetAfter(pair, 20);
    await fill(pair, socket, patient, head, 10);
    await flush(stub);
    await evictDurableObject(stub);
    const expected = [{ from: 21, to: pruned }];
    expect(lossOf(await runAll(), pair)).toEqual(expected);
    const all = upTo(2 + count + 10).filter((seq) => seq <= 20 || seq > pruned);
    expect(await archived(pair)).toEqual(all);
    const again = await runAll();
    expect(lossOf(again, pair)).toEqual(expected);
    expect(await archived(pair)).toEqual(all);
  });

  test("bundles of a hole come back as places, and count as no loss", async () => {
    const pair = await seedPair();
    const { patient, head, stub } = pair;
    await fill(pair, await open(patient, pair), patient, head, TUNING.tailKeep + 140);
    await flush(stub);
    const { pruned } = await runInDurableObject(stub, ({ core }) => core.get());
    await forgetAfter(pair, 0);
    // Places 1 and 2 are the two bundles.
    expect(lossOf(await runAll(), pair)).toEqual([{ from: 3, to: pruned }]);
    expect((await archived(pair)).slice(0, 3)).toEqual([1, 2, pruned + 1]);
  });

  test("I3 invitations that were used before the restore are used again", async () => {
    const pair = await seedPair();
    const id = toBase64url(pair.invite.id);
    const state = async () =>
      (await db.select().from(invitations).where(eq(invitations.inviteId, id)).get())?.state;
    await vi.waitFor(async () => expect(await state()).toBe("used"), 10_000);
    await db
      .update(invitations)
      .set({ state: "open", usedBy: null })
      .where(eq(invitations.inviteId, id));
    await runAll();
    expect(await state()).toBe("used");
    await db.delete(invitations).where(eq(invitations.inviteId, id));
    await runAll();
    expect(await state()).toBe("used");
  });

  test("accounts whose manifest a roster names and D1 has not are named", async () => {
    const pair = await seedPair();
    const { id } = pair.patient.person;
    const steps = async () => (await runAll()).flatMap(({ behind }) => behind);
    expect((await steps()).map(({ account }) => account)).not.toContain(id);
    await db.delete(manifests).where(eq(manifests.account, id));
    expect(await steps()).toContainEqual({ account: id, has: 0, needs: 1 });
  });

  test("an archive out of reach is told as not reached, and the run goes on", async () => {
    const pair = await seedPair();
    // What was never archived is not looked for in the archive.
    await flush(pair.stub);
    await runInDurableObject(pair.stub, ({ core }) => {
      const away = () => Promise.reject(new Error("D1_ERROR: out of reach"));
      core.deps = { ...core.deps, archiveGaps: away };
    });
    const failed = (await runAll()).flatMap((step) => step.failed);
    expect(failed).toContain(conversationIdText(pair.conversation));
  });

  test("a step is bounded, and the next one goes on where it ended", async () => {
    const people: Person[] = [];
    for (let i = 0; i < 30; i++) people.push(await seedPerson("patient"));
    const steps = await runAll();
    expect(steps.length).toBeGreaterThan(1);
    expect(Math.max(...steps.map(({ accounts }) => accounts))).toBeLessThanOrEqual(26);
    expect(steps.reduce((sum, { accounts }) => sum + accounts, 0)).toBeGreaterThanOrEqual(30);
  });

  test("without a pass, with another's, or with one that has run out there is nothing here", async () => {
    const body = (pass: string) => ({ body: { pass, after: null } });
    const operator = new Browser();
    expect(await operator.outcome("afterRestore", body("nothing"))).toBe("not_found");
    const rows = [
      { hash: passHash("old"), purpose: "after-restore", expiresAt: Date.now() - 1 },
      { hash: passHash("other"), purpose: "administrator", expiresAt: Date.now() + 60_000 },
    ] as const;
    await db.insert(operatorPasses).values([...rows]);
    expect(await operator.outcome("afterRestore", body("old"))).toBe("not_found");
    expect(await operator.outcome("afterRestore", body("other"))).toBe("not_found");
    expect(await operator.outcome("afterRestore", body(PASS))).toBe("ok");
  });
});
