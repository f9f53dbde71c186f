import { and, eq } from "drizzle-orm";
import { accountSeals, accounts, manifests } from "../db/accounts.schema.ts";
import { isConstraintError } from "../db/constraint.ts";
import { type Database, database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import { refusalOf } from "../http/failure.ts";
import { conversationObject, inboxObject } from "../objects/objects.ts";
import type { Handler, Routes } from "../http/route.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { AccountView } from "../protocol/http/accounts.ts";
import {
  type AccountId,
  type DeviceId,
  parseAccountId,
  parseConversationId,
} from "../protocol/ids.ts";
import { admitManifest, liveDevices } from "./admit-manifest.ts";
import { endSessions, ofDevices, settleEndedSessions } from "./ended-sessions.ts";
import { dropFarewells, farewellsOf } from "./farewell-store.ts";
import { timeWithinBudget, waitForBudget } from "./budgets/manifest-budget.ts";
import { manifestPage, newestAdmitted, newestManifestVersion } from "./manifest-store.ts";

/** Manifest and seals of one version: they are written together, and read together. */
async function viewOf(db: Database, account: AccountId): Promise<AccountView> {
  const row = await db
    .select({
      role: accounts.role,
      publicName: accounts.publicName,
      version: accountSeals.version,
      manifestCbor: manifests.manifestCbor,
      sealsCbor: accountSeals.sealsCbor,
    })
    .from(accounts)
    .innerJoin(accountSeals, eq(accountSeals.account, accounts.id))
    .innerJoin(
      manifests,
      and(eq(manifests.account, accounts.id), eq(manifests.version, accountSeals.version)),
    )
    .where(eq(accounts.id, account))
    .get();
  if (!row) throw new ProtocolError("not_found");
  return { account, ...row, farewells: await farewellsOf(db, account) };
}

/** K3: live devices need not wait for their next start; that it reaches them is not relied on. */
async function tellDevices(
  env: Cloudflare.Env,
  account: AccountId,
  version: number,
  vanished: readonly DeviceId[],
) {
  try {
    await inboxObject(env, account).manifestChanged(version, vanished);
  } catch (error) {
    refusalOf(error, "Inbox manifest");
  }
}

/** K5: one compare-and-swap. Sessions of devices that it revokes end in the same batch (C6, K12). */
const putAccount: Handler<"putAccount"> = async ({ env, caller, body, now, defer }) => {
  const db = database(env.DB);
  const { account } = caller;
  const { budgets } = settingsOf(env);
  const before = await newestAdmitted(db, account);
  if (!before) throw new ProtocolError("not_found");
  const { core, hash } = await admitManifest(body, before, now);
  if (toBase64url(core.account) !== account) throw new ProtocolError("manifest_refused");
  const live = new Set(liveDevices(core));
  const vanished = liveDevices(before.core).filter((device) => !live.has(device));
  try {
    await db.batch([
      // Of two writers of this version, one breaks the primary key and nothing of its batch remains; nor does
      // anything if the day's budget is spent.
      db.insert(manifests).values({
        account,
        version: core.version,
        manifestCbor: body.manifestCbor,
        hash: toBase64url(hash),
        createdAt: timeWithinBudget(account, body.manifestCbor, budgets, now),
      }),
      db
        .update(accountSeals)
        .set({ version: core.version, sealsCbor: body.sealsCbor })
        .where(eq(accountSeals.account, account)),
      ...(vanished.length > 0
        ? [
            dropFarewells(db, account, vanished),
            ...endSessions(db, ofDevices(account, vanished), now),
          ]
        : []),
    ]);
  } catch (error) {
    if (!isConstraintError(error)) throw error;
    if (before.core.version < (await newestManifestVersion(db, account))) {
      throw new ProtocolError("stale_version");
    }
    const wait = await waitForBudget(db, account, body.manifestCbor, budgets, now);
    throw new ProtocolError("daily_limit", "manifests", wait);
  }
  if (vanished.length > 0) defer(settleEndedSessions(env, account));
  defer(tellDevices(env, account, core.version, vanished));
  return viewOf(db, account);
};

/** A query value that counts from 1; absent means 1. */
function fromVersion(text: string | undefined): number {
  const version = /^\d{1,16}$/.test(text ?? "1") ? Number(text ?? "1") : 0;
  if (!Number.isSafeInteger(version) || version < 1) throw new ProtocolError("bad_request", "from");
  return version;
}

function sharedConversation(text: string | undefined) {
  try {
    return parseConversationId(text ?? "");
  } catch {
    throw new ProtocolError("not_found", "conversation");
  }
}

/** Manifests name devices and unlock methods: only who shares a conversation with the account may see them. */
const otherManifests: Handler<"manifests"> = async ({ env, caller, params, query }) => {
  const from = fromVersion(query["from"]);
  const conversation = sharedConversation(query["conversation"]);
  const target = parseAccountId(params["account"] ?? "");
  const isShared = await conversationObject(env, conversation).sharesWith(caller.account, target);
  if (!isShared) throw new ProtocolError("not_found");
  return manifestPage(database(env.DB), target, from);
};

export const accountRoutes = {
  account: ({ env, caller }) => viewOf(database(env.DB), caller.account),
  putAccount,
  manifests: otherManifests,
  ownManifests: async ({ env, caller, query }) =>
    manifestPage(database(env.DB), caller.account, fromVersion(query["from"])),
} satisfies Routes;
