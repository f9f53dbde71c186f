import { database } from "../db/database.ts";
import type { Call, Caller } from "../http/route.ts";
import { endSessions, settleEndedSessions } from "./ended-sessions.ts";
import { ofSession } from "./session-store.ts";

type Ending = Pick<Call<"passkeySession">, "env" | "now" | "defer">;

/** Ends a session of the account and closes its sockets. Whether there was one. */
export async function endSession(
  { env, now, defer }: Ending,
  { account }: Pick<Caller, "account">,
  id: string,
): Promise<boolean> {
  const db = database(env.DB);
  const [, deleted] = await db.batch([...endSessions(db, ofSession(account, id), now)]);
  if (deleted.length > 0) defer(settleEndedSessions(env, account));
  return deleted.length > 0;
}

/** A sign-in replaces the cookie, so the session that the browser had before is nobody's any more. */
export async function endCallersSession(
  call: Ending & Pick<Call<"passkeySession">, "caller">,
): Promise<void> {
  if (call.caller) await endSession(call, call.caller, call.caller.session);
}
