import { hasPass } from "../accounts/operator-pass.ts";
import { database } from "../db/database.ts";
import type { Routes } from "../http/route.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { afterRestore } from "./after-restore.ts";

/** Handlers of this folder. */
export const routes = {
  async afterRestore({ env, body, now }) {
    const isGood = await hasPass(database(env.DB), body.pass, "after-restore", now);
    if (!isGood) throw new ProtocolError("not_found");
    return afterRestore(env, body.after, now);
  },
} satisfies Routes;
