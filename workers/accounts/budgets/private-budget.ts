import { type SQL, and, eq, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { privateRecords } from "../../db/private-records.schema.ts";
import type { AccountId } from "../../protocol/ids.ts";

export const isRecord = (account: AccountId, key: string) =>
  and(eq(privateRecords.account, account), eq(privateRecords.key, key));

/** SQL: bytes that the account's records take. The index of sizes answers it alone. */
export const storedBytes = (account: AccountId): SQL<number> =>
  sql`(select coalesce(sum(${privateRecords.bytes}), 0) from ${privateRecords}
       where ${privateRecords.account} = ${account})`;

/**
 * SQL: the record that this row becomes fits the account's budget. What is no longer than before always does, so
 * that an account over a budget that was lowered can still change and empty what it has.
 */
export const replacementFits = (account: AccountId, value: string, budget: number): SQL =>
  sql`(${value.length} <= ${privateRecords.bytes}
    or ${storedBytes(account)} - ${privateRecords.bytes} + ${value.length} <= ${budget})`;

/** The version that is stored; null if there is none. */
export async function storedVersion(
  db: Database,
  account: AccountId,
  key: string,
): Promise<number | null> {
  const row = await db
    .select({ version: privateRecords.version })
    .from(privateRecords)
    .where(isRecord(account, key))
    .get();
  return row?.version ?? null;
}
