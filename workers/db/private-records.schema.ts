import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
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
  },
  (table) => [primaryKey({ columns: [table.account, table.key] })],
);
