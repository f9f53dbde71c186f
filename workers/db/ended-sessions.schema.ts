import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Sessions that ended while sockets may be open: the Inbox has still to be told. */
export const endedSessions = sqliteTable("ended_sessions", {
  id: text().primaryKey(),
  account: text().notNull(),
  endedAt: integer("ended_at").notNull(),
});
