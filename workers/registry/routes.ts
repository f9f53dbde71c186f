import type { Routes } from "../http/route.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { backlogNow } from "./backlog-now.ts";

/** Handlers of this folder. */
export const routes = {
  health: async ({ env, now }) => ({
    ok: true,
    protocol: PROTOCOL_VERSION,
    behind: await backlogNow(env.DB, now),
  }),
} satisfies Routes;
