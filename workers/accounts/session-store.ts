import { sha256 } from "@noble/hashes/sha2.js";
import { type SQL, and, desc, eq, gt, sql } from "drizzle-orm";
import type { Budgets } from "../budgets.ts";
import type { Database } from "../db/database.ts";
import { accounts } from "../db/accounts.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import type { Caller } from "../http/route.ts";
import { concatBytes, toBase64url } from "../protocol/bytes.ts";
import { type AccountId, type DeviceId, parseAccountId, parseDeviceId } from "../protocol/ids.ts";
import { label } from "../protocol/labels.ts";
import { LIMITS } from "../protocol/limits.ts";
import { endSessions } from "./ended-sessions.ts";
import { randomBytes } from "../objects/random.ts";

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

/** When the session now ends. */
export async function touchSession(db: Database, id: string, now: number): Promise<number> {
  const expiresAt = now + LIMITS.sessionMs;
  await db.update(sessions).set({ lastSeenAt: now, expiresAt }).where(eq(sessions.id, id));
  return expiresAt;
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

/** A session that now exists, and whether it made others end. */
export interface Started {
  readonly session: NewSession;
  readonly hasEndedOthers: boolean;
}

/** Starts an unbound session; of too many the one unseen longest ends in the same step (K12). */
export async function startSession(
  db: Database,
  account: AccountId,
  budgets: Budgets,
  now: number,
): Promise<Started> {
  const { session, statement } = insertSession(db, account, now);
  const cap = beyondCap(account, null, session.id, budgets);
  const [, , ended] = await db.batch([statement, ...endSessions(db, cap, now)]);
  return { session, hasEndedOthers: ended.length > 0 };
}

/**
 * Binds a session to a device under a fresh token (K12). The id stays, so open sockets of a renewed session
 * live on. Null if the session has meanwhile ended or the manifest is no longer the newest.
 */
export async function bindSession(
  db: Database,
  id: string,
  { account, device, manifestVersion }: Binding,
  budgets: Budgets,
  now: number,
): Promise<Started | null> {
  const session = newSession(now, id);
  const bind = db
    .update(sessions)
    .set({
      hash: hashOfToken(session.token),
      device,
      lastSeenAt: now,
      expiresAt: session.expiresAt,
    })
    .where(and(eq(sessions.id, id), stillNewest(account, manifestVersion)))
    .returning({ id: sessions.id });
  const cap = beyondCap(account, device, id, budgets);
  const [rows, , ended] = await db.batch([bind, ...endSessions(db, cap, now)]);
  return rows.length === 1 ? { session, hasEndedOthers: ended.length > 0 } : null;
}

/** A new session of a live device (K12). Null if the manifest is no longer the newest. */
export async function startBoundSession(
  db: Database,
  { account, device, manifestVersion }: Binding,
  budgets: Budgets,
  now: number,
): Promise<Started | null> {
  const session = newSession(now);
  const values = sql.join(
    [hashOfToken(session.token), session.id, account, device, now, now, session.expiresAt].map(
      (value) => sql`${value}`,
    ),
    sql`, `,
  );
  const start = db
    .insert(sessions)
    .select(sql`select ${values} where ${stillNewest(account, manifestVersion)}`)
    .returning({ id: sessions.id });
  const cap = beyondCap(account, device, session.id, budgets);
  const [rows, , ended] = await db.batch([start, ...endSessions(db, cap, now)]);
  return rows.length === 1 ? { session, hasEndedOthers: ended.length > 0 } : null;
}

export const listSessions = (db: Database, account: AccountId, now: number) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.account, account), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt))
    .limit(LIMITS.itemsPerPage);

/**
 * The sessions of this kind (of one device, or without any) that one session more has made too many: those unseen
 * longest. None while `newest` is not stored, and never itself: whoever signs in last is let in, so that a thief with
 * a device's key cannot lock its owner out (K12).
 */
export function beyondCap(
  account: AccountId,
  device: DeviceId | null,
  newest: string,
  { sessionsADevice, unboundSessions }: Budgets,
): SQL {
  const others = (device === null ? unboundSessions : sessionsADevice) - 1;
  return sql`${sessions.id} in (
    select id from sessions where account = ${account} and device is ${device} and id <> ${newest}
      and exists (select 1 from sessions where id = ${newest} and device is ${device})
    order by last_seen_at desc, created_at desc limit -1 offset ${others})`;
}
