import { type SQL, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.schema.ts";

/** K9: sealed records of an account; the key is an HMAC. */
export const privateRecords = sqliteTable(
  "private_records",
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    key: text().notNull(),
    version: integer().notNull(),
    value: text().notNull(),
    bytes: integer().generatedAlwaysAs((): SQL => sql`length(${privateRecords.value})`),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.key] }),
    // Answers the sum of the budget: without it every sum would read the records themselves.
    index("private_records_size").on(table.account, table.bytes),
  ],
);
