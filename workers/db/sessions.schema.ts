import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.schema.ts";

export const sessions = sqliteTable(
  "sessions",
  {
    /** SHA-256 of the cookie's token: reading this table lets nobody in */
    hash: text().primaryKey(),
    /** stays the same when the token is rotated; sockets are known by it */
    id: text().notNull().unique(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    /** null until bound (K12) */
    device: text(),
    createdAt: integer("created_at").notNull(),
    lastSeenAt: integer("last_seen_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    index("sessions_account").on(table.account),
    index("sessions_expires_at").on(table.expiresAt),
  ],
);

/** Single-use: a row is deleted by the statement that accepts it. */
export const challenges = sqliteTable(
  "challenges",
  {
    hash: text().primaryKey(),
    purpose: text({ enum: ["register", "authenticate", "device"] }).notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("challenges_expires_at").on(table.expiresAt)],
);
