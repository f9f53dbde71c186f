import { and, count, eq, gt, sql } from "drizzle-orm";
import type { Budgets } from "../../budgets.ts";
import { manifests } from "../../db/accounts.schema.ts";
import type { Database } from "../../db/database.ts";
import type { AccountId } from "../../protocol/ids.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const stored = sql<number>`coalesce(sum(${manifests.bytes}), 0)`;

const ofLastDay = (account: AccountId, now: number) =>
  and(eq(manifests.account, account), gt(manifests.createdAt, now - DAY_MS));

/**
 * SQL: `now` if one more manifest fits what an account may leave for ever within 24 hours, else NULL. As its time it
 * breaks NOT NULL when the budget is spent, so that nothing of the batch around it remains.
 */
export const timeWithinBudget = (
  account: AccountId,
  manifestCbor: string,
  { manifestsADay, manifestBytesADay }: Budgets,
  now: number,
) =>
  sql`(select case when count(*) < ${manifestsADay}
      and ${stored} + ${manifestCbor.length} <= ${manifestBytesADay} then ${now} end
    from ${manifests} where ${ofLastDay(account, now)})`;

/** Milliseconds until an account that has spent its budget may put a manifest again; 0: it has not. */
export async function waitForBudget(
  db: Database,
  account: AccountId,
  manifestCbor: string,
  { manifestsADay, manifestBytesADay }: Budgets,
  now: number,
): Promise<number> {
  const row = await db
    .select({ held: count(), bytes: stored, oldest: sql<number>`min(${manifests.createdAt})` })
    .from(manifests)
    .where(ofLastDay(account, now))
    .get();
  if (!row) return 0;
  const fits = row.held < manifestsADay && row.bytes + manifestCbor.length <= manifestBytesADay;
  return fits ? 0 : Math.max(1, row.oldest + DAY_MS - now);
}
