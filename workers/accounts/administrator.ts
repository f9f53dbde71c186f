import { eq } from "drizzle-orm";
import { accounts } from "../db/accounts.schema.ts";
import type { Database } from "../db/database.ts";

/** I7: whether the first administrator has been made. */
export async function hasAdministrator(db: Database): Promise<boolean> {
  const row = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.role, "administrator"))
    .limit(1)
    .get();
  return row !== undefined;
}
