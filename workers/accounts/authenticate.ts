import { database } from "../db/database.ts";
import { refusalOf } from "../http/failure.ts";
import type { Caller } from "../http/route.ts";
import { inTime, recallSession } from "./recall-session.ts";
import { readSessionCookie, setSessionCookie } from "./session-cookie.ts";
import { type StoredSession, findSession, isTouchDue, touchSession } from "./session-store.ts";

/**
 * Who the cookie says is asking, or null. D1 knows; while it is away the account's Inbox does (K12). Slides the session
 * and its cookie along at most once an hour.
 */
export async function authenticate(
  env: Cloudflare.Env,
  request: Request,
  headers: Headers,
  now: number,
): Promise<Caller | null> {
  const cookie = readSessionCookie(request);
  if (!cookie) return null;
  const db = database(env.DB);
  let session: StoredSession | null;
  try {
    session = await inTime(findSession(db, cookie.token, now));
  } catch (error) {
    return recallSession(env, cookie, now, error);
  }
  if (!session) return null;
  const { caller } = session;
  if (isTouchDue(session, now)) {
    try {
      await inTime(touchSession(db, caller.session, now));
      setSessionCookie(request, headers, cookie.token, caller.account);
    } catch (error) {
      // Logged; the next request slides it.
      refusalOf(error, "session");
    }
  }
  return caller;
}
