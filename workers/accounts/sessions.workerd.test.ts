import { env } from "cloudflare:workers";
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from "cloudflare:test";
import { eq, gt, lte } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { endedSessions } from "../db/ended-sessions.schema.ts";
import { invitations } from "../db/invitations.schema.ts";
import { challenges, sessions } from "../db/sessions.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import worker from "../index.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { inviteIdText } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { challengeFor, db, seedInvitation, seedPerson, signInAs } from "./person.test-kit.ts";

describe("cookies", () => {
  const asked = {
    body: { id: toBase64url(new Uint8Array(16)), auth: toBase64url(new Uint8Array(32)) },
  };

  test("__Host- with every attribute over https", async () => {
    const { browser } = await seedPerson("patient");
    const { headers } = await browser.call("endSession");
    expect(headers.get("set-cookie")).toBe(
      "__Host-thyme=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure",
    );
  });

  test("a plain name on http://localhost only, and each name only where it belongs", async () => {
    const person = await seedPerson("patient");
    const token = person.browser.cookie?.split("=")[1] ?? "";
    const local = new Browser("http://localhost:8787");
    local.cookie = `thyme=${token}`;
    const { headers, outcome } = await local.call("revokeSession", {
      params: { session: (await local.get("sessions")).sessions[0]?.id ?? "" },
    });
    expect(outcome).toBe("ok");
    expect(headers.get("set-cookie")).toBe("thyme=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    const plain = await signInAs(person);
    plain.cookie = plain.cookie?.replace("__Host-", "") ?? null;
    expect(await plain.outcome("session")).toBe("unauthenticated");
  });

  test.each(["", "__Host-thyme=", "__Host-thyme=short", "__Host-thyme=%00", "thyme=1; =; ;;="])(
    "what is no token is nobody: %s",
    async (cookie) => {
      const browser = new Browser();
      browser.cookie = cookie;
      expect(await browser.outcome("session")).toBe("unauthenticated");
      expect(await browser.outcome("recoverySession", asked)).toBe("recovery_refused");
    },
  );
});

describe("K12 a session slides", () => {
  const shift = (account: string, by: number) =>
    db
      .update(sessions)
      .set({ lastSeenAt: Date.now() - by, expiresAt: Date.now() + LIMITS.sessionMs - by })
      .where(eq(sessions.account, account));
  const stored = async (account: string) => {
    const [row] = await db.select().from(sessions).where(eq(sessions.account, account));
    if (!row) throw new RangeError("no session");
    return row;
  };

  test("K12 is noted and its cookie renewed at most once an hour", async () => {
    const { id, browser } = await seedPerson("patient");
    const young = await browser.call("session");
    expect(young.headers.get("set-cookie")).toBeNull();
    await shift(id, 2 * 60 * 60 * 1000);
    const { headers, result } = await browser.call("session");
    expect(headers.get("set-cookie")).toContain(`Max-Age=${LIMITS.sessionMs / 1000}`);
    expect(result?.expiresAt).toBe((await stored(id)).expiresAt);
    expect((await stored(id)).expiresAt - Date.now()).toBeGreaterThan(LIMITS.sessionMs - 60_000);
    expect((await browser.call("session")).headers.get("set-cookie")).toBeNull();
  });

  test("K12 after 30 days without use it is over, and swept with challenges and invitations", async () => {
    const { id, browser } = await seedPerson("administrator");
    const live = await seedPerson("patient");
    const old = await seedInvitation(id, null, Date.now() - 100 * 24 * 60 * 60 * 1000);
    const recent = await seedInvitation(id, null, Date.now() - 1_000);
    await challengeFor(browser, "device");
    await db.update(challenges).set({ expiresAt: Date.now() - 1 });
    const kept = await challengeFor(browser, "device");
    await shift(id, LIMITS.sessionMs);
    expect(await browser.outcome("session")).toBe("unauthenticated");
    const context = createExecutionContext();
    await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env);
    await waitOnExecutionContext(context);
    expect(await db.$count(sessions, eq(sessions.account, id))).toBe(0);
    expect(await live.browser.outcome("session")).toBe("ok");
    expect(await db.$count(challenges)).toBe(1);
    expect(kept).toHaveLength(43);
    expect(await db.$count(invitations, eq(invitations.inviteId, inviteIdText(old.id)))).toBe(0);
    expect(await db.$count(invitations, eq(invitations.inviteId, inviteIdText(recent.id)))).toBe(1);
  });
});

test("a sweep removes more than one statement may, and nothing that is not due", async () => {
  const due =
    "insert into challenges with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select 'due-' || i, 'device', 1 from n";
  await env.DB.prepare(due).bind(1_700).run();
  const kept = await challengeFor(new Browser(), "device");
  expect(kept).toHaveLength(43);
  const before = await db.$count(challenges, gt(challenges.expiresAt, Date.now()));
  await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env);
  expect(await db.$count(challenges, lte(challenges.expiresAt, Date.now()))).toBe(0);
  expect(await db.$count(challenges)).toBe(before);
});

describe("K12 list and revocation", () => {
  test("K12 a person sees and ends all of theirs, and nobody else's", async () => {
    const person = await seedPerson("patient");
    const phone = await signInAs(person);
    const stranger = await seedPerson("patient");
    const { sessions: listed } = await phone.get("sessions");
    expect(listed.filter(({ current }) => current)).toHaveLength(1);
    expect(listed).toHaveLength(2);
    const other = listed.find(({ current }) => !current)?.id ?? "";
    const params = { session: other };
    expect(await stranger.browser.outcome("revokeSession", { params })).toBe("not_found");
    expect(await person.browser.outcome("session")).toBe("ok");
    expect(await phone.outcome("revokeSession", { params })).toBe("ok");
    expect(await phone.outcome("revokeSession", { params })).toBe("not_found");
    expect(await person.browser.outcome("session")).toBe("unauthenticated");
    expect(await phone.outcome("session")).toBe("ok");
  });

  test("K12 signing out ends the session and forgets the cookie", async () => {
    const { browser } = await seedPerson("patient");
    const { cookie } = browser;
    expect(await browser.outcome("endSession")).toBe("ok");
    expect(browser.cookie).toBeNull();
    browser.cookie = cookie;
    expect(await browser.outcome("session")).toBe("unauthenticated");
  });

  test("K12 the Inbox is told of every session that ends, if not now then by the cron", async () => {
    const { id } = await seedPerson("patient");
    const lost = { id: toBase64url(new Uint8Array(16).fill(3)), account: id, endedAt: 1 };
    await db.insert(endedSessions).values(lost);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env);
    expect(await db.$count(endedSessions, eq(endedSessions.account, id))).toBe(0);
  });
});
