import type * as z from "zod/mini";
import { database } from "../db/database.ts";
import { refusalOf } from "../http/failure.ts";
import type { healthView } from "../protocol/http/system.ts";
import { backlog } from "./conversation-registry.ts";

type Behind = z.infer<typeof healthView>["behind"];

/** Anybody may ask for health, so that D1 is asked no more often than this. */
const KEPT_MS = 10_000;
/** Who watches health gives up after some seconds, and then takes the Worker for dead. */
const PATIENCE_MS = 2_000;

/** A value, not a promise: no request may wait for what another one has begun. */
const known = new WeakMap<D1Database, { readonly at: number; readonly behind: Behind }>();

async function ask(db: D1Database): Promise<Behind> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  try {
    return await Promise.race([backlog(database(db)), tooLate]);
  } catch (error) {
    refusalOf(error, "GET /api/health");
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** How many conversations are behind and since when, some seconds old at most; null while D1 does not say. */
export async function backlogNow(db: D1Database, now: number): Promise<Behind> {
  const before = known.get(db);
  if (before && now - before.at < KEPT_MS) return before.behind;
  const behind = await ask(db);
  known.set(db, { at: now, behind });
  return behind;
}
