import { asc, gt, inArray, max, sql } from "drizzle-orm";
import { settleEndedSessions } from "../accounts/ended-sessions.ts";
import { accounts, manifests } from "../db/accounts.schema.ts";
import { type Database, database } from "../db/database.ts";
import { endedSessions } from "../db/ended-sessions.schema.ts";
import { sessions } from "../db/sessions.schema.ts";
import { refusalOf } from "../http/failure.ts";
import { conversationObject } from "../objects/objects.ts";
import type { AfterRestoreResult, RestorePlace } from "../protocol/http/operator.ts";
import { type ConversationId, parseAccountId } from "../protocol/ids.ts";
import { type ConversationsOf, knownToInbox } from "./conversations.ts";

/** Work of one step: it has to end within one request. */
const STEP = { sessions: 500, accounts: 25, conversations: 50, parallel: 10 };

type Report = AfterRestoreResult;

const nothing = (): Report => ({
  sessions: 0,
  accounts: 0,
  conversations: 0,
  rewritten: 0,
  lost: [],
  behind: [],
  failed: [],
  next: null,
  done: false,
});

/** Ends some of the sessions that D1 knows, revoked ones that came back included. How many. */
async function endSome(env: Cloudflare.Env, db: Database, now: number): Promise<number> {
  const some = sql`${sessions.id} in (select id from sessions limit ${STEP.sessions})`;
  const [, ended] = await db.batch([
    db
      .insert(endedSessions)
      .select(
        sql`select ${sessions.id}, ${sessions.account}, ${now} from ${sessions} where ${some}`,
      )
      .onConflictDoNothing(),
    db.delete(sessions).where(some).returning({ id: sessions.id }),
  ]);
  if (ended.length > 0) await settleEndedSessions(env, null);
  return ended.length;
}

interface Roster {
  readonly account: string;
  readonly manifestVersion: number;
}

/** Accounts of rosters that D1 does not have, or has as they were before. */
async function behindOf(db: Database, roster: readonly Roster[]): Promise<Report["behind"]> {
  const needed = new Map<string, number>();
  for (const { account, manifestVersion } of roster) {
    needed.set(account, Math.max(manifestVersion, needed.get(account) ?? 0));
  }
  const ids = [...needed.keys()];
  const has = new Map<string, number>();
  // D1 takes a hundred parameters.
  for (let i = 0; i < ids.length; i += 90) {
    const rows = await db
      .select({ account: manifests.account, version: max(manifests.version) })
      .from(manifests)
      .where(inArray(manifests.account, ids.slice(i, i + 90)))
      .groupBy(manifests.account);
    for (const { account, version } of rows) has.set(account, version ?? 0);
  }
  return ids.flatMap((account) => {
    const [held, needs] = [has.get(account) ?? 0, needed.get(account) ?? 1];
    return held < needs ? [{ account, has: held, needs }] : [];
  });
}

async function visit(
  env: Cloudflare.Env,
  conversations: readonly ConversationId[],
  report: Report,
): Promise<Roster[]> {
  const roster: Roster[] = [];
  for (let i = 0; i < conversations.length; i += STEP.parallel) {
    const group = conversations.slice(i, i + STEP.parallel).map(async (conversation) => {
      const answer = await conversationObject(env, conversation).afterRestore();
      if (!answer.ok) {
        report.failed.push(conversation);
        return;
      }
      report.conversations += 1;
      report.rewritten += answer.value.rewritten;
      report.lost.push(...answer.value.lost.map((gap) => ({ conversation, ...gap })));
      roster.push(...answer.value.roster);
    });
    await Promise.all(group);
  }
  return roster;
}

/** Accounts from this place on: the one that was left half done first. */
function accountsFrom(db: Database, after: RestorePlace | null) {
  const from = after === null ? undefined : gt(accounts.id, after.account);
  return db
    .select({ id: accounts.id })
    .from(accounts)
    .where(from)
    .orderBy(asc(accounts.id))
    .limit(STEP.accounts);
}

/**
 * One bounded step of what follows a restore of D1: all sessions end, every conversation writes to D1 what D1 lost and
 * it still has, and what is lost is named. Repeating a step does no harm.
 */
export async function afterRestore(
  env: Cloudflare.Env,
  after: RestorePlace | null,
  now: number,
  conversationsOf: ConversationsOf = knownToInbox,
): Promise<AfterRestoreResult> {
  const db = database(env.DB);
  const report = nothing();
  if (after === null) {
    report.sessions = await endSome(env, db, now);
    const rest = await db.$count(sessions);
    if (rest > 0) return report;
  }
  const halfDone = after !== null && after.conversation !== null ? [{ id: after.account }] : [];
  const due = [...halfDone, ...(await accountsFrom(db, after))];
  const roster: Roster[] = [];
  let room = STEP.conversations;
  for (const { id } of due) {
    const account = parseAccountId(id);
    const start = id === after?.account ? after.conversation : null;
    try {
      const found = await conversationsOf(env, account, start, room);
      roster.push(...(await visit(env, found.conversations, report)));
      room -= found.conversations.length;
      report.next = { account: id, conversation: found.more };
    } catch (error) {
      refusalOf(error, "after restore");
      report.failed.push(id);
      report.next = { account: id, conversation: null };
    }
    if (report.next.conversation === null) report.accounts += 1;
    else break;
    if (room <= 0) break;
  }
  const isLast = report.next?.conversation === null && due.length < STEP.accounts && room > 0;
  if (isLast || report.next === null) {
    report.next = null;
    report.done = true;
  }
  report.behind = await behindOf(db, roster);
  return report;
}
