import { and, asc, count, eq, gt, sql } from "drizzle-orm";
import { type Database, database } from "../db/database.ts";
import { privateRecords } from "../db/private-records.schema.ts";
import { settingsOf } from "../env.ts";
import { refusalOf } from "../http/failure.ts";
import { inboxObject } from "../objects/objects.ts";
import type { Call, Handler, Routes } from "../http/route.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { AccountId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { isRecord, replacementFits, storedBytes, storedVersion } from "./budgets/private-budget.ts";

/** One page's worth of values, in characters of base64url. */
const PAGE_CHARS = 512 * 1024;

function afterKey(text: string | undefined): string {
  if (text === undefined) return "";
  try {
    if (fromBase64url(text).length === 32) return text;
  } catch {
    // Refused below.
  }
  throw new ProtocolError("bad_request", "after");
}

const privatePage: Handler<"privatePage"> = async ({ env, caller, query }) => {
  const db = database(env.DB);
  const after = afterKey(query["after"]);
  const length = sql`length(${privateRecords.value})`;
  const page = db
    .select({
      key: privateRecords.key,
      version: privateRecords.version,
      value: privateRecords.value,
      before: sql<number>`sum(${length}) over (order by ${privateRecords.key}) - ${length}`.as(
        "before",
      ),
    })
    .from(privateRecords)
    .where(and(eq(privateRecords.account, caller.account), gt(privateRecords.key, after)))
    .orderBy(asc(privateRecords.key))
    .limit(LIMITS.itemsPerPage)
    .as("page");
  const records = await db
    .select({ key: page.key, version: page.version, value: page.value })
    .from(page)
    .where(sql`${page.before} < ${PAGE_CHARS}`)
    .orderBy(asc(page.key));
  // A last page that happens to be full costs one more, empty answer only if records are really gone.
  const last = records.at(-1)?.key;
  const next = last !== undefined && (await hasMore(db, caller.account, last)) ? last : null;
  return { records, next };
};

async function hasMore(db: Database, account: AccountId, after: string): Promise<boolean> {
  const row = await db
    .select({ key: privateRecords.key })
    .from(privateRecords)
    .where(and(eq(privateRecords.account, account), gt(privateRecords.key, after)))
    .limit(1)
    .get();
  return row !== undefined;
}

const privateRecord: Handler<"privateRecord"> = async ({ env, caller, params }) => {
  const row = await database(env.DB)
    .select({
      key: privateRecords.key,
      version: privateRecords.version,
      value: privateRecords.value,
    })
    .from(privateRecords)
    .where(isRecord(caller.account, params["key"] ?? ""))
    .get();
  if (!row) throw new ProtocolError("not_found");
  return row;
};

/** Version 0 creates, unless the record exists or the account holds as much as it may. */
async function create(
  { env, caller: { account }, body: { value } }: Call<"putPrivate">,
  key: string,
): Promise<void> {
  const db = database(env.DB);
  const { privateBytes } = settingsOf(env).budgets;
  const held = db
    .select({ held: count() })
    .from(privateRecords)
    .where(eq(privateRecords.account, account));
  const rows = await db
    .insert(privateRecords)
    .select(
      sql`select ${account}, ${key}, 1, ${value} where (${held}) < ${LIMITS.privateRecords}
          and ${storedBytes(account)} + ${value.length} <= ${privateBytes}`,
    )
    .onConflictDoNothing()
    .returning({ version: privateRecords.version });
  if (rows.length === 1) return;
  const existing = await storedVersion(db, account, key);
  throw new ProtocolError(existing === null ? "storage_full" : "stale_version");
}

/** A version replaces itself; the condition and the budget stand in the one statement that writes. */
async function replace(
  { env, caller: { account }, body }: Call<"putPrivate">,
  key: string,
): Promise<number> {
  const db = database(env.DB);
  const { privateBytes } = settingsOf(env).budgets;
  const version = body.version + 1;
  const rows = await db
    .update(privateRecords)
    .set({ version, value: body.value })
    .where(
      and(
        isRecord(account, key),
        eq(privateRecords.version, body.version),
        replacementFits(account, body.value, privateBytes),
      ),
    )
    .returning({ version: privateRecords.version });
  if (rows.length === 1) return version;
  const existing = await storedVersion(db, account, key);
  throw new ProtocolError(existing === body.version ? "storage_full" : "stale_version");
}

/** The other devices need not wait for their next connection; that it reaches them is not relied on. */
async function tellDevices(env: Cloudflare.Env, account: AccountId, key: string, version: number) {
  try {
    await inboxObject(env, account).recordChanged(fromBase64url(key), version);
  } catch (error) {
    refusalOf(error, "Inbox record");
  }
}

const putPrivate: Handler<"putPrivate"> = async (call) => {
  const { env, caller, params, body, defer } = call;
  const key = params["key"] ?? "";
  let version = 1;
  if (body.version === 0) await create(call, key);
  else version = await replace(call, key);
  defer(tellDevices(env, caller.account, key, version));
  return { version };
};

export const privateRoutes = { privatePage, privateRecord, putPrivate } satisfies Routes;
