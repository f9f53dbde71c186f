import { database } from "../db/database.ts";
import type { Authenticate } from "../http/route.ts";
import { claimedBy, setSessionCookie } from "./session-cookie.ts";
import { findSession, isTouchDue, touchSession } from "./session-store.ts";

/** Slides the session and its cookie along at most once an hour (K12). */
export const authenticate: Authenticate = {
  claimed: claimedBy,
  async find(asking, { token, account }) {
    const { env, now } = asking;
    const db = database(env.DB);
    const session = await findSession(db, token, now);
    if (session?.caller.account !== account) return null;
    if (!isTouchDue(session, now)) return session.caller;
    const expiresAt = await touchSession(db, session.caller.session, now);
    setSessionCookie(asking, account, token);
    return { ...session.caller, expiresAt };
  },
};
