import { blob, integer, primaryKey, sqliteTable } from "drizzle-orm/sqlite-core";

/**
 * Flushed log items (decision "durable log"). The migration adds WITHOUT ROWID by hand, which drizzle cannot say: with
 * it the primary key is the table, so that an item is one row write; with a rowid it would be two. Bundles are
 * markers (no account, empty body) that keep seq dense; their contents stay in the Conversation.
 */
export const envelopes = sqliteTable(
  "envelopes",
  {
    conversation: blob().notNull(),
    seq: integer().notNull(),
    /** never falls along seq, so a time is found by bisection (decision "no time index") */
    at: integer().notNull(),
    account: blob(),
    body: blob().notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversation, table.seq] })],
);
