import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { accounts, consents, manifests, passkeys } from "../db/accounts.schema.ts";
import { invitations } from "../db/invitations.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import { operatorPasses } from "../db/operator-passes.schema.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { accountIdText, inviteIdText } from "../protocol/ids.ts";
import { makeAccount, signManifest, succeed } from "../protocol/manifest.test-kit.ts";
import { SoftAuthenticator } from "./authenticator.test-kit.ts";
import { settleInvitation } from "./invitation-store.ts";
import { passHash } from "./operator-pass.ts";
import {
  SETUP_TOKEN,
  challengeFor,
  claimOf,
  creationBody,
  db,
  makeRecovery,
  parking,
  seedInvitation,
  seedPerson,
  someConversation,
} from "./person.test-kit.ts";

const setup = { kind: "setup", token: SETUP_TOKEN } as const;
const SITE = { origin: "https://thyme.test", rpId: "thyme.test" };

const rowsOf = async (account: ReturnType<typeof makeAccount>) => {
  const id = accountIdText(account.id);
  const counts = await Promise.all([
    db.$count(accounts, eq(accounts.id, id)),
    db.$count(manifests, eq(manifests.account, id)),
    db.$count(consents, eq(consents.account, id)),
    db.$count(passkeys, eq(passkeys.account, id)),
    db.$count(sessions, eq(sessions.account, id)),
  ]);
  return counts.join(" ");
};

describe("I7 the first administrator", () => {
  beforeAll(async () => {
    await reset();
    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
    await applyD1Migrations(env.ARCHIVE_0, env.TEST_MIGRATIONS);
  });

  test("I7 needs the token, and of two at once one wins, with nothing of the other left", async () => {
    const browser = new Browser();
    expect(await browser.get("setup")).toEqual({ needed: true, first: true });
    const wrong = { kind: "setup", token: `${SETUP_TOKEN}x` } as const;
    const refused = await browser.outcome("createAccount", {
      body: creationBody(makeAccount(), wrong, "Admin"),
    });
    expect(refused).toBe("setup_refused");
    const rivals = [makeAccount(), makeAccount(), makeAccount()];
    const outcomes = await Promise.all(
      rivals.map((account) =>
        new Browser().outcome("createAccount", { body: creationBody(account, setup, "Admin") }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(["ok", "setup_done", "setup_done"]);
    expect((await Promise.all(rivals.map(rowsOf))).toSorted()).toEqual([
      "0 0 0 0 0",
      "0 0 0 0 0",
      "1 1 1 0 1",
    ]);
    expect(await browser.get("setup")).toEqual({ needed: false, first: false });
    const late = { body: creationBody(makeAccount(), setup, "Admin") };
    expect(await browser.outcome("createAccount", late)).toBe("setup_done");
  });

  test("I7 an operator's pass makes one more, once, while it lasts; nobody is retired", async () => {
    const browser = new Browser();
    const before = await db.$count(accounts, eq(accounts.role, "administrator"));
    expect(before).toBeGreaterThan(0);
    const pass = (name: string, change: Partial<typeof operatorPasses.$inferInsert> = {}) =>
      db.insert(operatorPasses).values({
        hash: passHash(name),
        purpose: "administrator",
        expiresAt: Date.now() + 60_000,
        ...change,
      });
    const use = (token: string, who = new Browser()) =>
      who.outcome("createAccount", {
        body: creationBody(makeAccount(), { kind: "setup", token }, "Admin"),
      });
    await pass("run out", { expiresAt: Date.now() - 1 });
    await pass("other", { purpose: "after-restore" });
    expect(await browser.get("setup")).toEqual({ needed: false, first: false });
    expect([await use("run out"), await use("other"), await use("none")]).toEqual(
      Array(3).fill("setup_refused"),
    );
    await pass("good");
    expect(await browser.get("setup")).toEqual({ needed: true, first: false });
    const outcomes = await Promise.all([use("good"), use("good"), use("good")]);
    expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(1);
    expect(await use("good")).toBe("setup_refused");
    expect(await db.$count(accounts, eq(accounts.role, "administrator"))).toBe(before + 1);
    expect(await browser.get("setup")).toEqual({ needed: false, first: false });
  });
});

describe("I6 by invitation", () => {
  test("I6 K10 a practitioner, with a passkey: account, session and consent at once", async () => {
    const inviter = await seedPerson("administrator");
    const invite = await seedInvitation(inviter.id);
    const account = makeAccount();
    const browser = new Browser();
    const challenge = await challengeFor(browser, "register");
    const passkey = new SoftAuthenticator().create({ challenge, ...SITE });
    const claim = claimOf(invite, account.id);
    const parked = parking(account, claim, passkey);
    await browser.get("parkPasskey", { body: parked.body });
    const body = creationBody(account, claim, "Dr Ana", parked.named);
    const view = await browser.get("createAccount", { body });
    expect(view).toMatchObject({ account: toBase64url(account.id), role: "practitioner" });
    expect(view.device).toBeNull();
    expect(await rowsOf(account)).toBe("1 1 1 1 1");
    expect(await browser.get("account")).toMatchObject({
      publicName: "Dr Ana",
      version: 1,
      manifestCbor: body.manifestCbor,
      sealsCbor: body.sealsCbor,
    });
    const seen = await browser.get("invitation", { params: { invite: claim.invite } });
    expect(seen.state).toBe("used");
  });

  test("I6 of two who use one practitioner's invitation at once, one wins", async () => {
    const inviter = await seedPerson("administrator");
    const invite = await seedInvitation(inviter.id);
    const rivals = [makeAccount(), makeAccount(), makeAccount()];
    const outcomes = await Promise.all(
      rivals.map((account) =>
        new Browser().outcome("createAccount", {
          body: creationBody(account, claimOf(invite, account.id), "Dr Ana"),
        }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(["invitation_used", "invitation_used", "ok"]);
    const winners = (await Promise.all(rivals.map(rowsOf))).filter((rows) => rows !== "0 0 0 0 0");
    expect(winners).toEqual(["1 1 1 0 1"]);
  });

  test("I6 N3 a patient's invitation stays open until the join, for five accounts at most", async () => {
    const inviter = await seedPerson("practitioner");
    const invite = await seedInvitation(inviter.id, someConversation());
    const attempt = async (publicName: string | null) => {
      const account = makeAccount();
      const claim = claimOf(invite, account.id);
      const browser = new Browser();
      return browser.outcome("createAccount", { body: creationBody(account, claim, publicName) });
    };
    expect(await attempt("A patient's name")).toBe("bad_request");
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => attempt(null)));
    expect(outcomes.toSorted()).toEqual([
      "invitation_used",
      "invitation_used",
      ...Array.from({ length: 5 }, () => "ok"),
    ]);
    const params = { invite: toBase64url(invite.id) };
    const view = await new Browser().get("invitation", { params });
    expect(view).toMatchObject({ state: "open", role: "patient" });
    expect(view.inviter.publicName).toMatch(/^Dr /);
  });

  test.each([
    ["withdrawn", "invitation_withdrawn"],
    ["used", "invitation_used"],
  ] as const)("I4 %s by the chain", async (state, code) => {
    const inviter = await seedPerson("practitioner");
    const conversation = someConversation();
    const invite = await seedInvitation(inviter.id, conversation);
    const id = inviteIdText(invite.id);
    await settleInvitation(db, id, state, null, someConversation());
    const account = makeAccount();
    const body = creationBody(account, claimOf(invite, account.id), null);
    await settleInvitation(db, id, state, null, conversation);
    await settleInvitation(db, id, state === "used" ? "withdrawn" : "used", null, conversation);
    expect(await new Browser().outcome("createAccount", { body })).toBe(code);
  });

  test("I4 expired; unknown; of another role's name", async () => {
    const inviter = await seedPerson("administrator");
    const outcome = async (
      invite: Awaited<ReturnType<typeof seedInvitation>>,
      name: string | null,
    ) => {
      const account = makeAccount();
      const body = creationBody(account, claimOf(invite, account.id), name);
      return new Browser().outcome("createAccount", { body });
    };
    const expired = await seedInvitation(inviter.id, null, Date.now() - 1);
    expect(await outcome(expired, "Dr Ana")).toBe("invitation_expired");
    const nameless = await seedInvitation(inviter.id);
    expect(await outcome(nameless, null)).toBe("bad_request");
    expect(await outcome(nameless, "Dr Ana")).toBe("ok");
    const unknown = await seedInvitation(inviter.id);
    await db.delete(invitations).where(eq(invitations.inviteId, inviteIdText(unknown.id)));
    expect(await outcome(unknown, "Dr Ana")).toBe("not_found");
  });

  test("I6 the claim is signed by the invite key, for this account", async () => {
    const inviter = await seedPerson("administrator");
    const invite = await seedInvitation(inviter.id);
    const account = makeAccount();
    const outcome = (claim: ReturnType<typeof claimOf>) =>
      new Browser().outcome("createAccount", { body: creationBody(account, claim, "Dr Ana") });
    expect(await outcome(claimOf(invite, makeAccount().id))).toBe("claim_refused");
    const other = await seedInvitation(inviter.id);
    const { signature } = claimOf({ ...other, id: invite.id }, account.id);
    expect(await outcome({ ...claimOf(invite, account.id), signature })).toBe("claim_refused");
    expect(await outcome(claimOf(invite, account.id))).toBe("ok");
  });
});

describe("K5 K10 what is created must be whole", () => {
  test("K10 one account for one key, and one recovery code for one account", async () => {
    const inviter = await seedPerson("administrator");
    const account = makeAccount();
    const recovery = makeRecovery();
    const attempt = async (who: typeof account) => {
      const claim = claimOf(await seedInvitation(inviter.id), who.id);
      const body = creationBody(who, claim, "Dr Ana", null, recovery);
      return new Browser().outcome("createAccount", { body });
    };
    expect(await attempt(account)).toBe("ok");
    expect(await attempt(account)).toBe("already_exists");
    const other = makeAccount();
    expect(await attempt(other)).toBe("already_exists");
    expect(await rowsOf(other)).toBe("0 0 0 0 0");
  });

  test("K5 seals that are not those signed, or lock somebody out, are refused", async () => {
    const inviter = await seedPerson("administrator");
    const invite = await seedInvitation(inviter.id);
    const account = makeAccount();
    const good = creationBody(account, claimOf(invite, account.id), "Dr Ana");
    const other = creationBody(makeAccount(), good.claim, "Dr Ana");
    const outcome = (body: typeof good) => new Browser().outcome("createAccount", { body });
    expect(await outcome({ ...good, sealsCbor: other.sealsCbor })).toBe("manifest_refused");
    // Signed by the account itself, yet sealed to somebody else's devices.
    const foreign = makeAccount();
    const { sealsHash } = foreign.core;
    const manifestCbor = encodeCbor(signManifest(account.seed, { ...account.core, sealsHash }));
    const locked = creationBody(
      { ...account, manifestCbor, sealsCbor: foreign.sealsCbor },
      good.claim,
      "Dr Ana",
    );
    expect(await outcome(locked)).toBe("manifest_refused");
    expect(await outcome(creationBody(succeed(account), good.claim, "Dr Ana"))).toBe(
      "manifest_refused",
    );
    const future = makeAccount({ time: Date.now() + 3_600_000 });
    const early = creationBody(future, claimOf(invite, future.id), "Dr Ana");
    expect(await outcome(early)).toBe("manifest_refused");
    expect(await outcome(good)).toBe("ok");
  });
});
