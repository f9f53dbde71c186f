import { sql } from "drizzle-orm";
import { type Database, database } from "../db/database.ts";
import { deleteInSlices } from "../db/slices.ts";
import { settingsOf } from "../env.ts";
import { settleEndedSessions } from "./ended-sessions.ts";

/** An expired invitation still says "expired" to who opens its link, for this long. */
const KEEP_EXPIRED_INVITATIONS_MS = 90 * 24 * 60 * 60 * 1000;

/** What is over, by table: its key, and the condition under which a row is due. */
const DUE = {
  challenges: ["hash", "expires_at <= ?"],
  sessions: ["hash", "expires_at <= ?"],
  parked_passkeys: ["credential", "expires_at <= ?"],
  operator_passes: ["hash", "expires_at <= ?"],
  invitations: [
    "invite_id",
    `conversation is null and state = 'open' and expires_at <= ? - ${KEEP_EXPIRED_INVITATIONS_MS}`,
  ],
} as const;

async function removeDue(db: Database, table: keyof typeof DUE, now: number): Promise<void> {
  const [key, due] = DUE[table];
  const [before = "", after = ""] = due.split("?");
  const condition = sql`${sql.raw(before)}${now}${sql.raw(after)}`;
  await deleteInSlices(async (limit) => {
    const { meta } = await db.run(
      sql`delete from ${sql.raw(table)} where ${sql.raw(key)} in (
            select ${sql.raw(key)} from ${sql.raw(table)} where ${condition} limit ${limit})`,
    );
    return meta.changes;
  });
}

/**
 * Removes what has run out, in bounded statements; what is left is the next run's. Running it twice, or at once with
 * itself, does no harm.
 */
export async function sweep(env: Cloudflare.Env, now: number): Promise<void> {
  settingsOf(env);
  const db = database(env.DB);
  const tables = Object.keys(DUE).filter((table): table is keyof typeof DUE => table in DUE);
  for (const table of tables) await removeDue(db, table, now);
  await settleEndedSessions(env, null);
}
