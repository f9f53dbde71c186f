import { database } from "../db/database.ts";
import type { Routes } from "../http/route.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { hasAdministrator } from "./administrator.ts";

export const systemRoutes = {
  health: () => Promise.resolve({ ok: true, protocol: PROTOCOL_VERSION } as const),
  setup: async ({ env }) => ({ needed: !(await hasAdministrator(database(env.DB))) }),
} satisfies Routes;
