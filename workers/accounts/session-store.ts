import { sha256 } from "@noble/hashes/sha2.js";
import { type SQL, and, desc, eq, gt, inArray, lte, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { accounts } from "../db/accounts.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import type { Caller } from "../http/route.ts";
import { concatBytes, toBase64url } from "../protocol/bytes.ts";
import { type AccountId, type DeviceId, parseAccountId, parseDeviceId } from "../protocol/ids.ts";
import { label } from "../protocol/labels.ts";
import { LIMITS } from "../protocol/limits.ts";
import { randomBytes } from "./random.ts";

/** A session's use is noted at most this often (K12: sliding, yet no write on every request). */
const TOUCH_MS = 60 * 60 * 1000;

/** What is stored for a token: reading the table lets nobody in. */
export const hashOfToken = (token: Uint8Array): string =>
  toBase64url(sha256(concatBytes(label("session-hash"), token)));

export interface StoredSession {
  readonly caller: Caller;
  readonly lastSeenAt: number;
}

export interface NewSession {
  readonly token: Uint8Array;
  readonly id: string;
  readonly expiresAt: number;
}

const newSession = (now: number, id = toBase64url(randomBytes(16))): NewSession => ({
  token: randomBytes(32),
  id,
  expiresAt: now + LIMITS.sessionMs,
});

/** The statement that makes an unbound session, for a batch, and what it will be. */
export function insertSession(db: Database, account: AccountId, now: number) {
  const session = newSession(now);
  const statement = db.insert(sessions).values({
    hash: hashOfToken(session.token),
    id: session.id,
    account,
    device: null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: session.expiresAt,
  });
  return { session, statement };
}

export async function findSession(
  db: Database,
  token: Uint8Array,
  now: number,
): Promise<StoredSession | null> {
  const row = await db
    .select({
      id: sessions.id,
      account: sessions.account,
      device: sessions.device,
      role: accounts.role,
      expiresAt: sessions.expiresAt,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.account))
    .where(and(eq(sessions.hash, hashOfToken(token)), gt(sessions.expiresAt, now)))
    .get();
  if (!row) return null;
  return {
    caller: {
      account: parseAccountId(row.account),
      role: row.role,
      device: row.device === null ? null : parseDeviceId(row.device),
      session: row.id,
      hash: hashOfToken(token),
      expiresAt: row.expiresAt,
    },
    lastSeenAt: row.lastSeenAt,
  };
}

export const isTouchDue = (session: StoredSession, now: number): boolean =>
  now - session.lastSeenAt >= TOUCH_MS;

export async function touchSession(db: Database, id: string, now: number): Promise<void> {
  await db
    .update(sessions)
    .set({ lastSeenAt: now, expiresAt: now + LIMITS.sessionMs })
    .where(eq(sessions.id, id));
}

/** Only while this is the newest manifest: a device it names may be revoked at any moment (K12). */
const stillNewest = (account: AccountId, version: number) =>
  sql`(select max(version) from manifests where account = ${account}) = ${version}`;

/** What a binding rests on: a device live in this manifest. */
export interface Binding {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly manifestVersion: number;
}

/**
 * Binds a session to a device under a fresh token (K12). The id stays, so open sockets of a renewed session
 * live on. Null if the session has meanwhile ended or the manifest is no longer the newest.
 */
export async function bindSession(
  db: Database,
  id: string,
  { account, device, manifestVersion }: Binding,
  now: number,
): Promise<NewSession | null> {
  const session = newSession(now, id);
  const rows = await db
    .update(sessions)
    .set({
      hash: hashOfToken(session.token),
      device,
      lastSeenAt: now,
      expiresAt: session.expiresAt,
    })
    .where(and(eq(sessions.id, id), stillNewest(account, manifestVersion)))
    .returning({ id: sessions.id });
  return rows.length === 1 ? session : null;
}

/** A new session of a live device (K12). Null if the manifest is no longer the newest. */
export async function startBoundSession(
  db: Database,
  { account, device, manifestVersion }: Binding,
  now: number,
): Promise<NewSession | null> {
  const session = newSession(now);
  const values = sql.join(
    [hashOfToken(session.token), session.id, account, device, now, now, session.expiresAt].map(
      (value) => sql`${value}`,
    ),
    sql`, `,
  );
  const rows = await db
    .insert(sessions)
    .select(sql`select ${values} where ${stillNewest(account, manifestVersion)}`)
    .returning({ id: sessions.id });
  return rows.length === 1 ? session : null;
}

export const listSessions = (db: Database, account: AccountId, now: number) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.account, account), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt))
    .limit(LIMITS.itemsPerPage);

/** Conditions for {@link endSessions}. */
export const ofSession = (account: AccountId, id: string): SQL =>
  sql`${sessions.account} = ${account} and ${sessions.id} = ${id}`;

export const ofDevices = (account: AccountId, devices: readonly DeviceId[]): SQL =>
  sql`${sessions.account} = ${account} and ${inArray(sessions.device, [...devices])}`;

export const deleteExpiredSessions = (db: Database, now: number) =>
  db.delete(sessions).where(lte(sessions.expiresAt, now));
