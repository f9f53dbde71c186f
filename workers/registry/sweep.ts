import { database } from "../db/database.ts";
import { conversationObject } from "../objects/objects.ts";
import { conversationsAfter, cursorOf, keepCursor } from "./conversation-registry.ts";

/** Conversations that one run wakes, and how many of them at a time. */
const SLICE = 100;
const PARALLEL = 10;

/**
 * Wakes conversations that are behind: what a failed alarm has left undone is done again, and its object tells the
 * registry when it is. A run takes a slice, the next one goes on behind it. Running it twice does no harm.
 */
export async function sweep(env: Cloudflare.Env, _now: number, slice = SLICE): Promise<void> {
  const db = database(env.DB);
  const after = await cursorOf(db, "behind");
  const found = await conversationsAfter(db, after, slice, "behind");
  for (let i = 0; i < found.length; i += PARALLEL) {
    const group = found.slice(i, i + PARALLEL);
    // One that cannot be woken stays behind, and its turn comes again.
    await Promise.allSettled(group.map((id) => conversationObject(env, id).catchUp()));
  }
  const last = found.length < slice ? "" : (found.at(-1) ?? "");
  if (last !== after) await keepCursor(db, "behind", last);
}
