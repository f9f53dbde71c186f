import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { challenges, sessions } from "../db/sessions.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { makeAccount, makeDevice } from "../protocol/manifest.test-kit.ts";
import { type Ceremony, SoftAuthenticator } from "./authenticator.test-kit.ts";
import {
  challengeFor,
  claimOf,
  creationBody,
  db,
  deviceSessionBody,
  makeRecovery,
  parking,
  seedInvitation,
  seedPerson,
} from "./person.test-kit.ts";

const SITE = { origin: "https://thyme.test", rpId: "thyme.test" };

async function register(authenticator: SoftAuthenticator, change: Partial<Ceremony> = {}) {
  const inviter = await seedPerson("administrator");
  const invite = await seedInvitation(inviter.id);
  const account = makeAccount();
  const browser = new Browser();
  const challenge = await challengeFor(browser, "register");
  const passkey = authenticator.create({ challenge, ...SITE, ...change });
  const recovery = makeRecovery();
  const claim = claimOf(invite, account.id);
  const parked = parking(account, claim, passkey);
  const body = creationBody(account, claim, "Dr Ana", parked.named, recovery);
  const parkedAs = await browser.outcome("parkPasskey", { body: parked.body });
  const outcome = parkedAs === "ok" ? await browser.outcome("createAccount", { body }) : parkedAs;
  return { account, browser, passkey, recovery, outcome };
}

describe("K10 registering a passkey", () => {
  test.each<[string, Partial<Ceremony>]>([
    ["of another origin", { origin: "https://evil.test" }],
    ["of another relying party", { rpId: "evil.test" }],
    ["without user verification", { isVerified: false }],
    ["of another ceremony", { type: "webauthn.get" }],
  ])("K7 K10 %s is refused", async (_, change) => {
    expect((await register(new SoftAuthenticator(), change)).outcome).toBe("passkey_refused");
  });

  test("K10 a challenge not ours, or used already, is refused", async () => {
    const challenge = toBase64url(new Uint8Array(32));
    const unknown = await register(new SoftAuthenticator(), { challenge });
    expect(unknown.outcome).toBe("challenge_refused");
    const { passkey, outcome } = await register(new SoftAuthenticator());
    expect(outcome).toBe("ok");
    const inviter = await seedPerson("administrator");
    const account = makeAccount();
    const claim = claimOf(await seedInvitation(inviter.id), account.id);
    const { body } = parking(account, claim, passkey);
    expect(await new Browser().outcome("parkPasskey", { body })).toBe("challenge_refused");
  });

  test("an attestation statement is dropped, not verified: its certificates could make us fetch", async () => {
    const attStmt = { alg: -7, sig: new Uint8Array(8), x5c: [new Uint8Array(16)] };
    const statement = { fmt: "packed", attStmt };
    expect((await register(new SoftAuthenticator(), { statement })).outcome).toBe("ok");
  });

  test("one credential belongs to one account", async () => {
    const authenticator = new SoftAuthenticator();
    expect((await register(authenticator)).outcome).toBe("ok");
    expect((await register(authenticator)).outcome).toBe("already_exists");
  });
});

describe("K7 signing in with a passkey", () => {
  const signIn = async (
    authenticator: SoftAuthenticator,
    handle: Uint8Array,
    change: Partial<Ceremony> = {},
    browser = new Browser(),
  ) => {
    const challenge = await challengeFor(browser, "authenticate");
    const passkey = authenticator.get({ challenge, ...SITE, ...change }, handle);
    return {
      browser,
      body: { passkey },
      ...(await browser.call("passkeySession", { body: { passkey } })),
    };
  };

  test("K7 K12 gives a fresh session without a device", async () => {
    const authenticator = new SoftAuthenticator(true);
    const { account, browser } = await register(authenticator);
    const before = browser.cookie;
    const { result } = await signIn(authenticator, account.id, {}, browser);
    expect(result).toMatchObject({ account: toBase64url(account.id), device: null });
    expect(browser.cookie).not.toBe(before);
    const old = new Browser();
    old.cookie = before;
    expect(await old.outcome("session")).toBe("unauthenticated");
    expect((await signIn(authenticator, account.id)).outcome).toBe("ok");
  });

  test("K10 an assertion is good once", async () => {
    const authenticator = new SoftAuthenticator();
    const { account } = await register(authenticator);
    const { body, outcome } = await signIn(authenticator, account.id);
    expect(outcome).toBe("ok");
    expect(await new Browser().outcome("passkeySession", { body })).toBe("challenge_refused");
  });

  test.each<[string, Partial<Ceremony>]>([
    ["of another origin", { origin: "https://evil.test" }],
    ["of another relying party", { rpId: "evil.test" }],
    ["without user verification", { isVerified: false }],
    ["of another ceremony", { type: "webauthn.create" }],
  ])("K7 %s is refused", async (_, change) => {
    const authenticator = new SoftAuthenticator();
    const { account } = await register(authenticator);
    expect((await signIn(authenticator, account.id, change)).outcome).toBe("passkey_refused");
  });

  test("K10 the handle must be the credential's account; an unknown credential is said to be", async () => {
    const authenticator = new SoftAuthenticator();
    const { account } = await register(authenticator);
    expect((await signIn(authenticator, makeAccount().id)).outcome).toBe("passkey_refused");
    expect((await signIn(new SoftAuthenticator(), account.id)).outcome).toBe("passkey_unknown");
  });

  test("a counter that falls betrays a copied credential", async () => {
    const authenticator = new SoftAuthenticator(true);
    const { account } = await register(authenticator);
    const browser = new Browser();
    const challenge = await challengeFor(browser, "authenticate");
    const early = authenticator.get({ challenge, ...SITE }, account.id);
    expect((await signIn(authenticator, account.id)).outcome).toBe("ok");
    const outcome = await browser.outcome("passkeySession", { body: { passkey: early } });
    expect(outcome).toBe("passkey_refused");
  });

  test("challenges are for one purpose, for five minutes, and only their hash is kept", async () => {
    const authenticator = new SoftAuthenticator();
    const { account } = await register(authenticator);
    const browser = new Browser();
    const wrong = await challengeFor(browser, "register");
    expect((await signIn(authenticator, account.id, { challenge: wrong })).outcome).toBe(
      "challenge_refused",
    );
    const challenge = await challengeFor(browser, "authenticate");
    const rows = await db.select().from(challenges);
    expect(JSON.stringify(rows)).not.toContain(challenge);
    expect(Math.max(...rows.map((row) => row.expiresAt)) - Date.now()).toBeLessThanOrEqual(
      LIMITS.challengeMs,
    );
    await db.update(challenges).set({ expiresAt: Date.now() - 1 });
    expect((await signIn(authenticator, account.id, { challenge })).outcome).toBe(
      "challenge_refused",
    );
  });
});

describe("K11 the recovery code", () => {
  test("K11 signs in; a wrong proof and an unknown code are refused alike", async () => {
    const { recovery, account } = await register(new SoftAuthenticator());
    const attempt = (id: Uint8Array, auth: Uint8Array) =>
      new Browser().call("recoverySession", {
        body: { id: toBase64url(id), auth: toBase64url(auth) },
      });
    const good = await attempt(recovery.id, recovery.auth);
    expect(good.result?.account).toBe(toBase64url(account.id));
    const other = makeRecovery();
    const wrong = await attempt(recovery.id, other.auth);
    const unknown = await attempt(other.id, recovery.auth);
    expect(wrong.outcome).toBe("recovery_refused");
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    expect((await attempt(other.id, new Uint8Array(32))).outcome).toBe("recovery_refused");
  });
});

describe("K12 binding by a device", () => {
  test("K12 binds the session it has, under another token and the same id", async () => {
    const { account, browser } = await register(new SoftAuthenticator());
    const before = browser.cookie;
    const { sessions: own } = await browser.get("sessions");
    const body = await deviceSessionBody(browser, account);
    const bound = await browser.get("deviceSession", { body });
    expect(bound.device).toBe(body.device);
    expect(browser.cookie).not.toBe(before);
    const after = await browser.get("sessions");
    expect(after.sessions.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    const old = new Browser();
    old.cookie = before;
    expect(await old.outcome("session")).toBe("unauthenticated");
    expect(await browser.outcome("deviceSession", { body })).toBe("challenge_refused");
  });

  test("K12 renews for a live device without a session", async () => {
    const { account } = await register(new SoftAuthenticator());
    const browser = new Browser();
    const body = await deviceSessionBody(browser, account);
    expect((await browser.get("deviceSession", { body })).device).toBe(body.device);
    expect((await browser.get("session")).device).toBe(body.device);
  });

  test("K12 a device not in the manifest, a bad signature, an unknown account: one answer", async () => {
    const { account } = await register(new SoftAuthenticator());
    const attempt = async (body: object) => {
      const fresh = await deviceSessionBody(new Browser(), account);
      return new Browser().call("deviceSession", { body: { ...fresh, ...body } });
    };
    expect((await attempt({})).outcome).toBe("ok");
    const stranger = makeDevice();
    const theirs = await deviceSessionBody(new Browser(), account, stranger);
    const answers = await Promise.all([
      new Browser().call("deviceSession", { body: theirs }),
      attempt({ signature: theirs.signature }),
      attempt({ account: toBase64url(makeAccount().id) }),
      attempt({ challenge: await challengeFor(new Browser(), "device") }),
    ]);
    expect(new Set(answers.map(({ text }) => text))).toEqual(
      new Set(['{"error":"unauthenticated"}']),
    );
  });

  test("K12 E5 the table keeps a hash, not the token", async () => {
    const { browser } = await register(new SoftAuthenticator());
    const cookie = fromBase64url(browser.cookie?.split("=")[1] ?? "");
    expect(cookie).toHaveLength(32 + 32 + 16);
    const token = toBase64url(cookie.subarray(0, 32));
    const { account } = await browser.get("session");
    expect(toBase64url(cookie.subarray(32, 64))).toBe(account);
    const rows = await db.select().from(sessions).where(eq(sessions.account, account));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
