import { type SQL, asc, eq, inArray, sql } from "drizzle-orm";
import { type Database, database } from "../db/database.ts";
import { endedSessions } from "../db/ended-sessions.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import { inboxObject } from "../objects/objects.ts";
import { type AccountId, type DeviceId, parseAccountId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";

/** Conditions for {@link endSessions}. */
export const ofSession = (account: AccountId, id: string): SQL =>
  sql`${sessions.account} = ${account} and ${sessions.id} = ${id}`;

export const ofDevices = (account: AccountId, devices: readonly DeviceId[]): SQL =>
  sql`${sessions.account} = ${account} and ${inArray(sessions.device, [...devices])}`;

/**
 * The two statements, for one batch, that end the sessions of `condition` and remember to close their sockets:
 * a revocation must not be lost because the Inbox was out of reach (K12).
 */
export const endSessions = (db: Database, condition: SQL, now: number) =>
  [
    db
      .insert(endedSessions)
      .select(
        sql`select ${sessions.id}, ${sessions.account}, ${now} from ${sessions} where ${condition}`,
      ),
    db.delete(sessions).where(condition).returning({ id: sessions.id }),
  ] as const;

/** A session that its Inbox has ended alone, with its sockets: nothing is left to remember. */
export async function endInDatabase(
  env: Cloudflare.Env,
  account: AccountId,
  session: string,
): Promise<void> {
  await database(env.DB).delete(sessions).where(ofSession(account, session));
}

async function closeSockets(
  env: Cloudflare.Env,
  db: Database,
  ended: { readonly id: string; readonly account: AccountId },
): Promise<void> {
  await inboxObject(env, ended.account).endSession(ended.id);
  await db.delete(endedSessions).where(eq(endedSessions.id, ended.id));
}

/** Tells the Inboxes of ended sessions; what fails is tried again by the cron. With `account`, of that account only. */
export async function settleEndedSessions(
  env: Cloudflare.Env,
  account: AccountId | null,
): Promise<void> {
  const db = database(env.DB);
  const rows = await db
    .select({ id: endedSessions.id, account: endedSessions.account })
    .from(endedSessions)
    .where(account === null ? undefined : eq(endedSessions.account, account))
    .orderBy(asc(endedSessions.endedAt))
    .limit(LIMITS.itemsPerPage);
  const ended = rows.map((row) => ({ id: row.id, account: parseAccountId(row.account) }));
  await Promise.allSettled(ended.map((row) => closeSockets(env, db, row)));
}
