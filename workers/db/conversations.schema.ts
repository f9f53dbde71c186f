import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Every conversation there is (decision "registry"): what must visit them enumerates here. Written at creation, when
 * a conversation falls behind or has caught up, and now and then with its size; never for a message.
 */
export const conversations = sqliteTable(
  "conversations",
  {
    id: text().primaryKey(),
    /** accountId of the owner in the newest bundle that was reported */
    owner: text().notNull(),
    /** where history goes now */
    shard: integer().notNull(),
    /** JSON of [from seq, shard], oldest first: where history lies */
    shards: text().notNull(),
    createdAt: integer("created_at").notNull(),
    /** since when something of its background work has failed; null: all is done */
    behindSince: integer("behind_since"),
    /** of all envelopes, as of the last report */
    bytes: integer().notNull(),
    /** of all its files as R2 has them; the budget of its owner counts them, so it is exact (F1) */
    fileBytes: integer("file_bytes").notNull().default(0),
  },
  (table) => [
    index("conversations_owner").on(table.owner),
    index("conversations_behind").on(table.id).where(sql`${table.behindSince} IS NOT NULL`),
  ],
);

/** Where a sweep of the registry stopped, so that the next run goes on there. */
export const sweepCursors = sqliteTable("sweep_cursors", {
  sweep: text().primaryKey(),
  cursor: text().notNull(),
});
