import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What an operator's command may do: it writes the row itself, as only who administers this database can. */
export const operatorPasses = sqliteTable("operator_passes", {
  /** SHA-256 of the pass */
  hash: text().primaryKey(),
  purpose: text({ enum: ["administrator", "after-restore", "continue-on-shard"] }).notNull(),
  expiresAt: integer("expires_at").notNull(),
});
