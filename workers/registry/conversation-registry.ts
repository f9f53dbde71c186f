import { and, asc, count, eq, gt, isNotNull, min, sql } from "drizzle-orm";
import { conversations, sweepCursors } from "../db/conversations.schema.ts";
import type { Database } from "../db/database.ts";
import { type ConversationId, parseConversationId } from "../protocol/ids.ts";

/** A conversation as it says of itself; its files are told apart from the rest (file-bytes.ts). */
export type Registered = Omit<typeof conversations.$inferSelect, "fileBytes">;

/** Adds a conversation or brings its row up to date: whatever was lost of it, its next report restores. */
export async function register(db: Database, row: Registered): Promise<void> {
  const { owner, shard, shards, behindSince, bytes } = row;
  await db.insert(conversations).values(row).onConflictDoUpdate({
    target: conversations.id,
    set: { owner, shard, shards, behindSince, bytes },
  });
}

/** The next conversations by id, of all or of those that are behind. */
export async function conversationsAfter(
  db: Database,
  after: string,
  limit: number,
  which: "all" | "behind",
): Promise<ConversationId[]> {
  const isBehind = which === "behind" ? isNotNull(conversations.behindSince) : undefined;
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(gt(conversations.id, after), isBehind))
    .orderBy(asc(conversations.id))
    .limit(limit);
  return rows.map(({ id }) => parseConversationId(id));
}

/** The next conversations by id whose history goes to this shard now. */
export async function conversationsOfShard(
  db: Database,
  shard: number,
  after: string,
  limit: number,
): Promise<ConversationId[]> {
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(gt(conversations.id, after), eq(conversations.shard, shard)))
    .orderBy(asc(conversations.id))
    .limit(limit);
  return rows.map(({ id }) => parseConversationId(id));
}

/** How many conversations are behind, and since when the first of them; for health. */
export async function backlog(
  db: Database,
): Promise<{ readonly conversations: number; readonly since: number | null }> {
  const row = await db
    .select({ conversations: count(), since: min(conversations.behindSince) })
    .from(conversations)
    .where(isNotNull(conversations.behindSince))
    .get();
  return row ?? { conversations: 0, since: null };
}

/** Where this sweep goes on; "" at the beginning. */
export async function cursorOf(db: Database, sweep: string): Promise<string> {
  const row = await db
    .select({ cursor: sweepCursors.cursor })
    .from(sweepCursors)
    .where(sql`${sweepCursors.sweep} = ${sweep}`)
    .get();
  return row?.cursor ?? "";
}

export async function keepCursor(db: Database, sweep: string, cursor: string): Promise<void> {
  await db
    .insert(sweepCursors)
    .values({ sweep, cursor })
    .onConflictDoUpdate({ target: sweepCursors.sweep, set: { cursor } });
}
