import type { Routes } from "../http/route.ts";
import { accountRoutes } from "./routes-account.ts";
import { creationRoutes } from "./routes-creation.ts";
import { farewellRoutes } from "./routes-farewell.ts";
import { invitationRoutes } from "./routes-invitation.ts";
import { privateRoutes } from "./routes-private.ts";
import { sessionRoutes } from "./routes-session.ts";
import { signInRoutes } from "./routes-sign-in.ts";
import { systemRoutes } from "./routes-system.ts";

/** Handlers of this folder. */
export const routes = {
  ...systemRoutes,
  ...creationRoutes,
  ...signInRoutes,
  ...sessionRoutes,
  ...farewellRoutes,
  ...accountRoutes,
  ...privateRoutes,
  ...invitationRoutes,
} satisfies Routes;
