import { hasPass } from "../accounts/operator-pass.ts";
import { database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import type { Routes } from "../http/route.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { afterRestore } from "./after-restore.ts";
import { continueOnShard } from "./continue-on-shard.ts";

/** Handlers of this folder. */
export const routes = {
  async afterRestore({ env, body, now }) {
    const isGood = await hasPass(database(env.DB), body.pass, "after-restore", now);
    if (!isGood) throw new ProtocolError("not_found");
    return afterRestore(env, body.after, now);
  },
  async continueOnShard({ env, body, now }) {
    const { pass, from, to, after } = body;
    const isGood = await hasPass(database(env.DB), pass, "continue-on-shard", now);
    if (!isGood) throw new ProtocolError("not_found");
    if (from === to || settingsOf(env).shards[to] === undefined) {
      throw new ProtocolError("bad_request", "no such shard");
    }
    return continueOnShard(env, from, to, after);
  },
} satisfies Routes;
