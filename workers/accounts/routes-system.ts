import { database } from "../db/database.ts";
import type { Routes } from "../http/route.ts";
import { isPassOut } from "./operator-pass.ts";
import { hasAdministrator } from "./creation-claim.ts";

export const systemRoutes = {
  async setup({ env, now }) {
    const db = database(env.DB);
    const first = !(await hasAdministrator(db));
    return { first, needed: first || (await isPassOut(db, "administrator", now)) };
  },
} satisfies Routes;
