import { eq, sql, sum } from "drizzle-orm";
import { conversations } from "../db/conversations.schema.ts";
import type { Database } from "../db/database.ts";
import type { AccountId, ConversationId } from "../protocol/ids.ts";

/**
 * Sets what a conversation's files come to if the files of all conversations of its owner then are within the limit (F1).
 * One statement, and D1 runs one after the other: of two conversations that want the last byte one gets it. The owner
 * is whoever the registry names, so with a hand-over the bytes go along.
 */
export async function reserveFileBytes(
  db: Database,
  id: ConversationId,
  bytes: number,
  limit: number,
): Promise<"taken" | "full" | "unknown"> {
  const others = sql`(SELECT ifnull(sum(o.file_bytes), 0) FROM conversations o
    WHERE o.owner = ${conversations.owner} AND o.id <> ${conversations.id})`;
  const taken = await db
    .update(conversations)
    .set({ fileBytes: bytes })
    .where(sql`${conversations.id} = ${id} AND ${others} + ${bytes} <= ${limit}`)
    .returning({ id: conversations.id });
  if (taken.length > 0) return "taken";
  const known = await db.$count(conversations, eq(conversations.id, id));
  return known > 0 ? "full" : "unknown";
}

/** Sets it, whatever the limit: so much is there. */
export async function tellFileBytes(
  db: Database,
  id: ConversationId,
  bytes: number,
): Promise<"taken" | "unknown"> {
  const known = await db
    .update(conversations)
    .set({ fileBytes: bytes })
    .where(eq(conversations.id, id))
    .returning({ id: conversations.id });
  return known.length > 0 ? "taken" : "unknown";
}

/** Bytes of files in all conversations that this account owns. */
export async function fileBytesOf(db: Database, owner: AccountId): Promise<number> {
  const row = await db
    .select({ bytes: sum(conversations.fileBytes) })
    .from(conversations)
    .where(eq(conversations.owner, owner))
    .get();
  return Number(row?.bytes ?? 0);
}
