import { database } from "../db/database.ts";
import { inTime } from "../db/in-time.ts";
import { refusalOf } from "../http/failure.ts";
import type { Call, Caller } from "../http/route.ts";
import { inboxObject } from "../objects/objects.ts";
import { endSessions, ofSession, settleEndedSessions } from "./ended-sessions.ts";

type Ending = Pick<Call<"passkeySession">, "env" | "now" | "defer">;

/**
 * Ends a session of the account and closes its sockets. Whether there was one. While D1 is away the Inbox ends it (K12)
 * and tells D1 later; what the Inbox does not know is then `unavailable`.
 */
export async function endSession(
  { env, now, defer }: Ending,
  { account }: Pick<Caller, "account">,
  id: string,
): Promise<boolean> {
  const db = database(env.DB);
  try {
    const ending = db.batch([...endSessions(db, ofSession(account, id), now)]);
    const [, deleted] = await inTime(ending);
    if (deleted.length > 0) defer(settleEndedSessions(env, account));
    return deleted.length > 0;
  } catch (error) {
    const refusal = refusalOf(error, "end of a session");
    if (await inboxObject(env, account).endSessionAlone(account, id)) return true;
    throw refusal;
  }
}

/** A sign-in replaces the cookie, so the session that the browser had before is nobody's any more. */
export async function endCallersSession(
  call: Ending & Pick<Call<"passkeySession">, "caller">,
): Promise<void> {
  if (call.caller) await endSession(call, call.caller, call.caller.session);
}
