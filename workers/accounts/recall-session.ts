import type { Caller } from "../http/route.ts";
import { refusalOf } from "../http/failure.ts";
import { inboxObject } from "../objects/objects.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { SessionCookie } from "./session-cookie.ts";
import { hashOfToken } from "./session-store.ts";

/** A database that is later than this is away: a handshake that waits longer is given up by its client. */
const LATE_MS = 3_000;

/** What D1 answers. Throws `unavailable` when it is late; what was asked may still be done. */
export async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProtocolError("unavailable", "D1 is late")), LATE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * K12: who is asking, by the Inbox's copy of the session: D1 has just failed. Null: the session has ended. Throws the
 * failure's refusal if the Inbox does not know, since then nothing is known.
 */
export async function recallSession(
  env: Cloudflare.Env,
  { token, account }: SessionCookie,
  now: number,
  failure: unknown,
): Promise<Caller | null> {
  const refusal = refusalOf(failure, "session");
  if (account === null) throw refusal;
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
