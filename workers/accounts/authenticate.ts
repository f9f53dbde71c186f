import { database } from "../db/database.ts";
import type { Caller } from "../http/route.ts";
import { readSessionToken, setSessionCookie } from "./session-cookie.ts";
import { findSession, isTouchDue, touchSession } from "./session-store.ts";

/** Who the cookie says is asking, or null. Slides the session and its cookie along at most once an hour (K12). */
export async function authenticate(
  env: Cloudflare.Env,
  request: Request,
  headers: Headers,
  now: number,
): Promise<Caller | null> {
  const token = readSessionToken(request);
  if (!token) return null;
  const db = database(env.DB);
  const session = await findSession(db, token, now);
  if (!session) return null;
  if (!isTouchDue(session, now)) return session.caller;
  const expiresAt = await touchSession(db, session.caller.session, now);
  setSessionCookie(request, headers, token);
  return { ...session.caller, expiresAt };
}
