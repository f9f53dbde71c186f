import { database } from "../db/database.ts";
import { inTime } from "../db/in-time.ts";
import { refusalOf } from "../http/failure.ts";
import type { Authenticate, Caller, Claimed } from "../http/route.ts";
import { inboxObject } from "../objects/objects.ts";
import { claimedBy, setSessionCookie } from "./session-cookie.ts";
import {
  type StoredSession,
  findSession,
  hashOfToken,
  isTouchDue,
  touchSession,
} from "./session-store.ts";

/**
 * K12: who is asking, by the Inbox's copy of the session: D1 has just failed. Null: the session has ended. Throws the
 * failure's refusal if the Inbox does not know, since then nothing is known.
 */
async function recallSession(
  env: Cloudflare.Env,
  { token, account }: Claimed,
  now: number,
  failure: unknown,
): Promise<Caller | null> {
  const refusal = refusalOf(failure, "session");
  const recalled = await inboxObject(env, account)
    .recallSession(hashOfToken(token), now)
    .catch(() => ({ kind: "unknown" }) as const);
  switch (recalled.kind) {
    case "ended":
      return null;
    case "unknown":
      throw refusal;
    case "known":
      return { ...recalled.copy, account };
  }
}

/**
 * D1 knows the sessions; while it is away the account's Inbox does (K12). Slides the session and its cookie along at
 * most once an hour.
 */
export const authenticate: Authenticate = {
  claimed: claimedBy,
  async find(asking, claimed) {
    const { env, now } = asking;
    const { token, account } = claimed;
    const db = database(env.DB);
    let session: StoredSession | null;
    try {
      session = await inTime(findSession(db, token, now));
    } catch (error) {
      return recallSession(env, claimed, now, error);
    }
    if (session?.caller.account !== account) return null;
    if (!isTouchDue(session, now)) return session.caller;
    try {
      const expiresAt = await inTime(touchSession(db, session.caller.session, now));
      setSessionCookie(asking, account, token);
      return { ...session.caller, expiresAt };
    } catch (error) {
      // Logged; the next request slides it.
      refusalOf(error, "session");
      return session.caller;
    }
  },
};
