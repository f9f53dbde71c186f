import { database } from "../db/database.ts";
import type { Handler, Routes } from "../http/route.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { endSession as end } from "./end-session.ts";
import { clearSessionCookie } from "./session-cookie.ts";
import { listSessions } from "./session-store.ts";

/** The caller's own row says it: a list is cut, and what is cut must not sign anybody out. */
const session: Handler<"session"> = ({ caller: { account, role, device, expiresAt } }) =>
  Promise.resolve({ account, role, device, expiresAt });

const endSession: Handler<"endSession"> = async (call) => {
  await end(call, call.caller, call.caller.session);
  clearSessionCookie(call);
  return {};
};

const sessions: Handler<"sessions"> = async ({ env, caller, now }) => ({
  sessions: (await listSessions(database(env.DB), caller.account, now)).map((row) => ({
    id: row.id,
    device: row.device,
    createdAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    current: row.id === caller.session,
  })),
});

const revokeSession: Handler<"revokeSession"> = async (call) => {
  const id = call.params["session"] ?? "";
  if (!(await end(call, call.caller, id))) throw new ProtocolError("not_found");
  if (id === call.caller.session) clearSessionCookie(call);
  return {};
};

export const sessionRoutes = { session, endSession, sessions, revokeSession } satisfies Routes;
