import { randomBytes } from "@noble/hashes/utils.js";
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../db/accounts.schema.ts";
import { privateRecords } from "../db/private-records.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { makeInvite } from "../protocol/bundle.test-kit.ts";
import { LIMITS } from "../protocol/limits.ts";
import { type TestAccount, withDevice } from "../protocol/manifest.test-kit.ts";
import { recoveryAuthHash } from "../protocol/recovery.ts";
import { accounts } from "../db/accounts.schema.ts";
import {
  type Person,
  db,
  deviceOf,
  deviceSessionBody,
  makeRecovery,
  seedInvitation,
  seedPerson,
  someConversation,
} from "./person.test-kit.ts";

const newKey = () => toBase64url(randomBytes(32));
const text = (chars: number) => "A".repeat(chars);
const day = 24 * 60 * 60 * 1000;

/** One account is filled to its 8 MB; an attack that got through would leave more. */
const MOST_MB = 16;
const databaseMb = async (): Promise<number> =>
  (await env.DB.prepare("select 1").run()).meta.size_after / 2 ** 20;
let before = 0;
beforeAll(async () => void (before = await databaseMb()));

describe("K9 private records have a budget of bytes", () => {
  const withBudget = async (privateBytes: number) => {
    const { browser, id } = await seedPerson("patient");
    browser.around = { BUDGETS: JSON.stringify({ privateBytes }) };
    const put = (key: string, version: number, value: string) =>
      browser.outcome("putPrivate", { params: { key }, body: { version, value } });
    return { browser, id, put };
  };

  test("K9 what fits to the last byte is taken, one more is refused, and what shrinks always is", async () => {
    const { browser, put } = await withBudget(1_000);
    const [one, two] = [newKey(), newKey()];
    expect(await put(one, 0, text(600))).toBe("ok");
    expect(await put(two, 0, text(404))).toBe("storage_full");
    expect(await put(two, 0, text(400))).toBe("ok");
    expect(await put(newKey(), 0, text(4))).toBe("storage_full");
    expect(await put(two, 1, text(404))).toBe("storage_full");
    expect(await put(two, 2, text(404)), "a stale version is told as such").toBe("stale_version");
    expect(await put(one, 1, text(596))).toBe("ok");
    expect(await put(two, 1, text(404))).toBe("ok");
    // A budget that was lowered: everything can still be changed and emptied.
    browser.around = { BUDGETS: '{"privateBytes":10}' };
    expect(await put(one, 2, text(596))).toBe("ok");
    expect(await put(one, 3, "")).toBe("ok");
    expect(await put(one, 4, "AAAA")).toBe("storage_full");
  });

  test("K9 of writers at once no more get in than there is room for", async () => {
    const { id, put } = await withBudget(4_000);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => put(newKey(), 0, text(1_000))),
    );
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === "storage_full")).toHaveLength(4);
    expect(await db.$count(privateRecords, eq(privateRecords.account, id))).toBe(4);
  });

  test("K9 by default an account's records take 8 MB, and a neighbour's are no matter", async () => {
    const full = await seedPerson("patient");
    const filler = env.DB.prepare("insert into private_records values (?, ?, 1, ?)");
    const largest = text(Math.ceil((LIMITS.privateRecord * 4) / 3));
    const count = Math.floor((8 * 1024 * 1024) / largest.length);
    await env.DB.batch(
      Array.from({ length: count }, (_, i) => filler.bind(full.id, `filler-${i}`, largest)),
    );
    const put = ({ browser }: Person) =>
      browser.outcome("putPrivate", {
        params: { key: newKey() },
        body: { version: 0, value: largest },
      });
    expect(await put(full)).toBe("storage_full");
    expect(await put(await seedPerson("patient"))).toBe("ok");
  });
});

describe("the sums are read from an index alone, however long the records are", () => {
  /** Cursors that the query reads columns of, and the one that walks the index. */
  const cursors = async (query: string) => {
    const steps = await db.all<{ opcode: string; p1: number }>(sql.raw(`explain ${query}`));
    const of = (opcode: string) =>
      new Set(steps.filter((step) => step.opcode === opcode).map(({ p1 }) => p1));
    return { read: of("Column"), index: new Set([...of("SeekGE"), ...of("SeekGT")]) };
  };
  const private_ = "from private_records where account = 'a'";
  const chain = "from manifests where account = 'a' and created_at > 1";

  test.each([
    [private_, "sum(bytes)", "sum(length(value || version))"],
    [chain, "count(*), sum(bytes), min(created_at)", "sum(length(manifest_cbor || hash))"],
  ])("%s", async (from, sums, control) => {
    const { read, index } = await cursors(`select ${sums} ${from}`);
    expect(index.size).toBe(1);
    expect(read).toEqual(index);
    const whole = await cursors(`select ${control} ${from}`);
    expect(whole.read, "positive control: the records themselves").not.toEqual(whole.index);
  });
});

describe("K5 manifests have a budget a day", () => {
  const bodyOf = ({ manifestCbor, sealsCbor }: TestAccount) => ({
    manifestCbor: toBase64url(manifestCbor),
    sealsCbor: toBase64url(sealsCbor),
  });
  const put = ({ browser }: Person, account: TestAccount) =>
    browser.call("putAccount", { body: bodyOf(account) });
  const age = (person: Person, by: number) =>
    db
      .update(manifests)
      .set({ createdAt: Date.now() - by })
      .where(eq(manifests.account, person.id));

  test("K5 the one too many is refused with the time to wait, changes nothing, and is taken a day later", async () => {
    const person = await seedPerson("patient");
    person.browser.around = { BUDGETS: '{"manifestsADay":2}' };
    const second = withDevice(person.account);
    const next = withDevice(second);
    const last = withDevice(next);
    expect((await put(person, second)).outcome).toBe("ok");
    expect((await put(person, next)).outcome).toBe("ok");
    const { outcome, refusal } = await put(person, last);
    expect(outcome).toBe("daily_limit");
    expect(refusal?.retryAfterMs).toBeGreaterThan(day - 60_000);
    expect(refusal?.retryAfterMs).toBeLessThanOrEqual(day);
    expect(await person.browser.get("account")).toMatchObject(bodyOf(next));
    expect((await put(person, next)).outcome, "an old one is stale, not too much").toBe(
      "stale_version",
    );
    await age(person, day);
    expect((await put(person, last)).outcome).toBe("ok");
  });

  test("K5 their bytes count as well as their number", async () => {
    const person = await seedPerson("patient");
    const second = withDevice(person.account);
    const size = bodyOf(second).manifestCbor.length;
    person.browser.around = { BUDGETS: JSON.stringify({ manifestBytesADay: size - 1 }) };
    expect((await put(person, second)).outcome).toBe("daily_limit");
    person.browser.around = { BUDGETS: JSON.stringify({ manifestBytesADay: size }) };
    expect((await put(person, second)).outcome).toBe("ok");
  });
});

describe("I6 open invitations have a number", () => {
  const ask = ({ browser }: Person) => {
    const signPub = toBase64url(makeInvite().entry.signPub);
    return browser.outcome("createInvitation", {
      body: { signPub, expiresAt: Date.now() + 60_000 },
    });
  };

  test("I6 the one too many is refused; what is used, withdrawn or expired does not count", async () => {
    const person = await seedPerson("administrator");
    person.browser.around = { BUDGETS: '{"openInvitations":2}' };
    await seedInvitation(person.id, null, Date.now() - 1);
    const used = await seedInvitation(person.id);
    await env.DB.prepare("update invitations set state = 'used' where invite_id = ?")
      .bind(toBase64url(used.id))
      .run();
    // A conversation's counts like any other.
    await seedInvitation(person.id, someConversation());
    expect(await ask(person)).toBe("ok");
    expect(await ask(person)).toBe("invitation_limit");
    expect(await ask(await seedPerson("administrator"))).toBe("ok");
  });

  test("I6 by default fifty", async () => {
    const person = await seedPerson("administrator");
    for (let i = 0; i < 49; i++) await seedInvitation(person.id);
    expect(await ask(person)).toBe("ok");
    expect(await ask(person)).toBe("invitation_limit");
  });
});

describe("K12 sessions have a number", () => {
  const own = (person: Person) => db.select().from(sessions).where(eq(sessions.account, person.id));
  const bind = async (person: Person) => {
    const browser = new Browser();
    const body = await deviceSessionBody(browser, person.account);
    return { browser, outcome: await browser.outcome("deviceSession", { body }) };
  };

  test("K12 a thief with a device's key does not lock its owner out, nor fill the table", async () => {
    const person = await seedPerson("patient");
    const other = withDevice(person.account);
    const body = {
      manifestCbor: toBase64url(other.manifestCbor),
      sealsCbor: toBase64url(other.sealsCbor),
    };
    await person.browser.get("putAccount", { body });
    const laptop = new Browser();
    const asLaptop = await deviceSessionBody(laptop, other, other.devices[1]);
    expect(await laptop.outcome("deviceSession", { body: asLaptop })).toBe("ok");
    for (let i = 0; i < 215; i++) expect((await bind(person)).outcome).toBe("ok");
    const device = toBase64url(deviceOf(person.account).id);
    expect((await own(person)).filter((row) => row.device === device)).toHaveLength(2);
    // Another device is untouched, the list shows everything, and the owner ends all of it.
    expect(await laptop.outcome("session")).toBe("ok");
    const listed = (await laptop.get("sessions")).sessions;
    expect(listed).toHaveLength(3);
    // And with the device's key the owner, too, is let in.
    const again = await bind(person);
    expect(again.outcome).toBe("ok");
    expect(await again.browser.get("session")).toMatchObject({ account: person.id });
    for (const { id, current } of (await again.browser.get("sessions")).sessions) {
      const revoke = { params: { session: id } };
      if (!current) expect(await again.browser.outcome("revokeSession", revoke)).toBe("ok");
    }
    expect(await own(person)).toHaveLength(1);
  });

  test("K12 the session unseen longest ends, and its sockets are told", async () => {
    const person = await seedPerson("patient");
    const first = await bind(person);
    await db.update(sessions).set({ lastSeenAt: 1 }).where(eq(sessions.account, person.id));
    await db
      .update(sessions)
      .set({ lastSeenAt: 2, createdAt: 0 })
      .where(
        eq(
          sessions.id,
          (await first.browser.get("sessions")).sessions.find((s) => s.current)?.id ?? "",
        ),
      );
    const second = await bind(person);
    expect(await person.browser.outcome("session")).toBe("unauthenticated");
    expect(await first.browser.outcome("session")).toBe("ok");
    expect(await second.browser.outcome("session")).toBe("ok");
  });

  test("K12 without a device there are eight, and a device's are not among them", async () => {
    const person = await seedPerson("patient");
    const recovery = makeRecovery();
    await db
      .update(accounts)
      .set({
        recoveryId: toBase64url(recovery.id),
        recoveryHash: toBase64url(recoveryAuthHash(recovery.auth)),
      })
      .where(eq(accounts.id, person.id));
    const signIn = async () => {
      const browser = new Browser();
      const body = { id: toBase64url(recovery.id), auth: toBase64url(recovery.auth) };
      await browser.get("recoverySession", { body });
      return browser;
    };
    for (let i = 0; i < 12; i++) await signIn();
    const newest = await signIn();
    expect((await own(person)).filter((row) => row.device === null)).toHaveLength(8);
    expect(await person.browser.outcome("session")).toBe("ok");
    expect(await newest.outcome("session")).toBe("ok");
  });

  test("K12 a session answers for itself, however many the list does not show", async () => {
    const person = await seedPerson("patient");
    const row = env.DB.prepare("insert into sessions values (?, ?, ?, null, ?, ?, ?)");
    const later = Date.now() + 60_000;
    await env.DB.batch(
      Array.from({ length: LIMITS.itemsPerPage + 15 }, () =>
        row.bind(newKey(), toBase64url(randomBytes(16)), person.id, later, later, later),
      ),
    );
    expect((await person.browser.get("sessions")).sessions.some((s) => s.current)).toBe(false);
    expect(await person.browser.outcome("session")).toBe("ok");
  });
});

test("D1 has grown by little more than the one account that was filled", async () => {
  const after = await databaseMb();
  // oxlint-disable-next-line no-console -- how large the database is
  console.info(`D1 under the attacks on budgets: ${before.toFixed(1)} to ${after.toFixed(1)} MB`);
  expect(after).toBeLessThan(MOST_MB);
});
