import { and, eq, isNull, lte } from "drizzle-orm";
import { database } from "../db/database.ts";
import { invitations } from "../db/invitations.schema.ts";
import { challenges } from "../db/sessions.schema.ts";
import { settingsOf } from "../env.ts";
import { deleteExpiredPasses } from "./operator-pass.ts";
import { settleEndedSessions } from "./ended-sessions.ts";
import { deleteExpiredSessions } from "./session-store.ts";

/** An expired invitation still says "expired" to who opens its link, for this long. */
const KEEP_EXPIRED_INVITATIONS_MS = 90 * 24 * 60 * 60 * 1000;

/** Removes what has run out. Running it twice, or at once with itself, does no harm. */
export async function sweep(env: Cloudflare.Env, now: number): Promise<void> {
  settingsOf(env);
  const db = database(env.DB);
  await db.batch([
    db.delete(challenges).where(lte(challenges.expiresAt, now)),
    deleteExpiredSessions(db, now),
    deleteExpiredPasses(db, now),
    db
      .delete(invitations)
      .where(
        and(
          isNull(invitations.conversation),
          eq(invitations.state, "open"),
          lte(invitations.expiresAt, now - KEEP_EXPIRED_INVITATIONS_MS),
        ),
      ),
  ]);
  await settleEndedSessions(env, null);
}
