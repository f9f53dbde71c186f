import { randomBytes } from "@noble/hashes/utils.js";
import { env } from "cloudflare:workers";
import { accountSeals, accounts, manifests } from "../db/accounts.schema.ts";
import { database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import type { Attestation, CreateAccount } from "../protocol/http/accounts.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import {
  type AccountId,
  type ConversationId,
  accountIdText,
  conversationIdText,
  inviteIdText,
  parseDeviceId,
} from "../protocol/ids.ts";
import { claimBytes, deviceSessionBytes } from "../protocol/invitation.ts";
import { type TestInvite, makeInvite } from "../protocol/bundle.test-kit.ts";
import {
  type TestAccount,
  type TestDevice,
  makeAccount,
  signWith,
} from "../protocol/manifest.test-kit.ts";
import { recoveryAuthHash } from "../protocol/recovery.ts";
import { recordInvitation } from "./invitation-store.ts";
import { newestManifestVersion } from "./manifest-store.ts";
import { cookieValue } from "./session-cookie.ts";
import { bindSession, insertSession } from "./session-store.ts";

export const db = database(env.DB);
export const SETUP_TOKEN = env.SETUP_TOKEN ?? "";

/** Somebody with keys, and a browser. */
export interface Person {
  readonly account: TestAccount;
  readonly id: AccountId;
  readonly role: AccountRole;
  readonly browser: Browser;
}

export const deviceOf = ({ devices }: TestAccount): TestDevice => {
  const [device] = devices;
  if (!device) throw new RangeError("no device");
  return device;
};

/** Another browser of the person, signed in; `isBound` false leaves the session without a device (K12). */
export async function signInAs(
  { account, id }: Pick<Person, "account" | "id">,
  isBound = true,
  as = deviceOf(account),
): Promise<Browser> {
  const now = Date.now();
  const { session, statement } = insertSession(db, id, now);
  await statement;
  const device = parseDeviceId(toBase64url(as.id));
  const manifestVersion = await newestManifestVersion(db, id);
  const binding = { account: id, device, manifestVersion };
  // What is seeded ends nothing: tests of caps sign in by the routes.
  const uncapped = { ...settingsOf(env).budgets, sessionsADevice: 10_000 };
  const bound = isBound ? await bindSession(db, session.id, binding, uncapped, now) : null;
  const browser = new Browser();
  const { token } = bound?.session ?? session;
  browser.cookie = `__Host-thyme=${cookieValue(env, { token, account: id })}`;
  return browser;
}

/** A person whose account is put straight into the database: for tests of what comes after. */
export async function seedPerson(role: AccountRole): Promise<Person> {
  const account = makeAccount();
  const id = accountIdText(account.id);
  await db.batch([
    db.insert(accounts).values({
      id,
      role,
      publicName: role === "patient" ? null : `Dr ${id.slice(0, 8)}`,
      createdAt: 1,
      recoveryId: toBase64url(randomBytes(16)),
      recoveryHash: toBase64url(randomBytes(32)),
    }),
    db.insert(manifests).values({
      account: id,
      version: 1,
      manifestCbor: toBase64url(account.manifestCbor),
      hash: toBase64url(account.hash),
      createdAt: 1,
    }),
    db.insert(accountSeals).values({
      account: id,
      version: 1,
      sealsCbor: toBase64url(account.sealsCbor),
    }),
  ]);
  return { account, id, role, browser: await signInAs({ account, id }) };
}

export const challengeFor = async (
  browser: Browser,
  purpose: "register" | "authenticate" | "device",
): Promise<string> => (await browser.get("challenge", { body: { purpose } })).challenge;

export interface TestRecovery {
  readonly id: Uint8Array;
  readonly auth: Uint8Array;
}

export const makeRecovery = (): TestRecovery => ({ id: randomBytes(16), auth: randomBytes(32) });

export const claimOf = (invite: TestInvite, account: Uint8Array) => ({
  kind: "invitation" as const,
  invite: toBase64url(invite.id),
  signature: toBase64url(signWith(invite.seed, "sign-claim", claimBytes(invite.id, account))),
});

/** A body of createAccount that is right in everything the claim allows. */
export const creationBody = (
  account: TestAccount,
  claim: CreateAccount["claim"],
  publicName: string | null,
  passkey: CreateAccount["passkey"] = null,
  recovery = makeRecovery(),
): CreateAccount => ({
  claim,
  passkey,
  manifestCbor: toBase64url(account.manifestCbor),
  sealsCbor: toBase64url(account.sealsCbor),
  recovery: {
    id: toBase64url(recovery.id),
    authHash: toBase64url(recoveryAuthHash(recovery.auth)),
  },
  publicName,
  consent: { notice: "2026-11" },
});

/** A body of parkPasskey, and how createAccount names what it parks. */
export function parking(account: TestAccount, claim: CreateAccount["claim"], passkey: Attestation) {
  const secret = toBase64url(randomBytes(32));
  const body = { claim, account: toBase64url(account.id), passkey, secret };
  return { body, named: { credential: passkey.id, secret } };
}

export async function deviceSessionBody(
  browser: Browser,
  account: TestAccount,
  device = deviceOf(account),
) {
  const challenge = await challengeFor(browser, "device");
  const bytes = deviceSessionBytes(account.id, fromBase64url(challenge));
  return {
    account: toBase64url(account.id),
    device: toBase64url(device.id),
    challenge,
    signature: toBase64url(signWith(device.seed, "sign-device-session", bytes)),
  };
}

/** As an administrator's request does, or with a conversation as its outbox does. */
export const seedInvite = (
  invite: TestInvite,
  inviter: AccountId,
  conversation: ConversationId | null,
): Promise<boolean> =>
  recordInvitation(db, {
    inviteId: inviteIdText(invite.id),
    signPub: invite.entry.signPub,
    role: conversation === null ? "practitioner" : "patient",
    expiresAt: invite.entry.expiry,
    inviter,
    conversation,
    createdAt: Date.now(),
  });

/** A new invitation: a practitioner's, or with a conversation a patient's. */
export async function seedInvitation(
  inviter: AccountId,
  conversation: ConversationId | null = null,
  expiresAt = Date.now() + 1_000_000,
): Promise<TestInvite> {
  const invite = makeInvite(expiresAt);
  await seedInvite(invite, inviter, conversation);
  return invite;
}

export const someConversation = (): ConversationId => conversationIdText(randomBytes(32));
