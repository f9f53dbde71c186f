import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { passkeys } from "../../db/accounts.schema.ts";
import { parkedPasskeys } from "../../db/parked-passkeys.schema.ts";
import { Browser } from "../../http/browser.test-kit.ts";
import { toBase64url } from "../../protocol/bytes.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { makeAccount } from "../../protocol/manifest.test-kit.ts";
import { SoftAuthenticator } from "../authenticator.test-kit.ts";
import {
  challengeFor,
  claimOf,
  creationBody,
  db,
  parking,
  seedInvitation,
  seedPerson,
  someConversation,
} from "../person.test-kit.ts";
import { sweep } from "../sweep.ts";

const SITE = { origin: "https://thyme.test", rpId: "thyme.test" };

/** Somebody with an invitation whose passkey waits for the account. */
async function newcomer(invite?: Awaited<ReturnType<typeof seedInvitation>>) {
  const inviter = await seedPerson("practitioner");
  const account = makeAccount();
  const from = invite ?? (await seedInvitation(inviter.id, someConversation()));
  const claim = claimOf(from, account.id);
  const browser = new Browser();
  const challenge = await challengeFor(browser, "register");
  const passkey = new SoftAuthenticator().create({ challenge, ...SITE });
  const { body, named } = parking(account, claim, passkey);
  const create = (change: Partial<typeof named> = {}, who = account, by = claim) =>
    browser.outcome("createAccount", {
      body: creationBody(who, by, null, { ...named, ...change }),
    });
  const park = () => browser.outcome("parkPasskey", { body });
  return { invite: from, account, body, named, browser, create, park };
}

const isParked = async (credential: string): Promise<boolean> =>
  (await db.$count(parkedPasskeys, eq(parkedPasskeys.credential, credential))) === 1;

describe("K10 a passkey waits for its account", () => {
  test("K10 it is taken by the account it was made for, with the secret, once", async () => {
    const { account, invite, named, create, park } = await newcomer();
    expect(await park()).toBe("ok");
    expect(await create({ secret: toBase64url(new Uint8Array(32)) })).toBe("passkey_refused");
    expect(await create({ credential: toBase64url(new Uint8Array(32)) })).toBe("passkey_refused");
    const other = makeAccount();
    expect(await create({}, other, claimOf(invite, other.id))).toBe("passkey_refused");
    expect(await create()).toBe("ok");
    expect(await isParked(named.credential)).toBe(false);
    const kept = await db.select().from(passkeys).where(eq(passkeys.credential, named.credential));
    expect(kept.map((row) => row.account)).toEqual([toBase64url(account.id)]);
  });

  test("K10 after a day it is refused, and the sweep forgets it", async () => {
    const { named, create, park } = await newcomer();
    expect(await park()).toBe("ok");
    const due = Date.now() + LIMITS.parkedMs;
    await sweep(env, due - 60_000);
    expect(await isParked(named.credential)).toBe(true);
    await db
      .update(parkedPasskeys)
      .set({ expiresAt: Date.now() - 1 })
      .where(eq(parkedPasskeys.credential, named.credential));
    expect(await create()).toBe("passkey_refused");
    await sweep(env, Date.now());
    expect(await isParked(named.credential)).toBe(false);
  });

  test("K10 the newest four of an invitation wait; the older ones go", async () => {
    const first = await newcomer();
    expect(await first.park()).toBe("ok");
    const later = [];
    for (let i = 0; i < LIMITS.parkedPasskeys; i++) {
      const one = await newcomer(first.invite);
      expect(await one.park()).toBe("ok");
      later.push(one);
    }
    expect(await isParked(first.named.credential)).toBe(false);
    for (const { named } of later) expect(await isParked(named.credential)).toBe(true);
  });

  test("I6 K10 nobody parks without the right to make that account", async () => {
    const { invite, body, browser } = await newcomer();
    const foreign = { ...body, claim: claimOf(invite, makeAccount().id) };
    expect(await browser.outcome("parkPasskey", { body: foreign })).toBe("claim_refused");
    const setup = { ...body, claim: { kind: "setup" as const, token: "guessed" } };
    expect(await browser.outcome("parkPasskey", { body: setup })).toBe("setup_refused");
  });
});
