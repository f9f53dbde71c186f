import { and, asc, desc, eq, gte, max, sql } from "drizzle-orm";
import { accountSeals, manifests } from "../db/accounts.schema.ts";
import type { Database } from "../db/database.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import type { AccountId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  decodeAccountSeals,
  decodeManifestCore,
  decodeSignedManifest,
  manifestHash,
} from "../protocol/manifest.ts";
import type { VerifiedManifest } from "../protocol/manifest-rules.ts";
import type { AdmittedManifest } from "./admit-manifest.ts";

/** One answer's worth of a chain, in characters of base64url. */
const PAGE_CHARS = 2 * 1024 * 1024;

export interface StoredManifest {
  readonly core: Uint8Array;
  readonly signature: Uint8Array;
  readonly hash: Uint8Array;
}

function stored(manifestCbor: string): StoredManifest {
  const { core, signature } = decodeSignedManifest(fromBase64url(manifestCbor));
  return { core, signature, hash: manifestHash(core) };
}

/** Manifest `version` of an account, verified when it was stored; null if there is none. */
export async function loadManifest(
  db: Database,
  account: AccountId,
  version: number,
): Promise<StoredManifest | null> {
  const row = await db
    .select({ manifestCbor: manifests.manifestCbor })
    .from(manifests)
    .where(and(eq(manifests.account, account), eq(manifests.version, version)))
    .get();
  return row ? stored(row.manifestCbor) : null;
}

/** 0 if there is no such account. */
export async function newestManifestVersion(db: Database, account: AccountId): Promise<number> {
  const row = await db
    .select({ version: max(manifests.version) })
    .from(manifests)
    .where(eq(manifests.account, account))
    .get();
  return row?.version ?? 0;
}

/** The newest manifest of an account; null if there is no such account. */
export async function newestManifest(
  db: Database,
  account: AccountId,
): Promise<VerifiedManifest | null> {
  const row = await db
    .select({ manifestCbor: manifests.manifestCbor })
    .from(manifests)
    .where(eq(manifests.account, account))
    .orderBy(desc(manifests.version))
    .limit(1)
    .get();
  if (!row) return null;
  const { core, hash } = stored(row.manifestCbor);
  return { core: decodeManifestCore(core), hash };
}

/** The newest manifest with the seals beside it, which are written together; null if there is no such account. */
export async function newestAdmitted(
  db: Database,
  account: AccountId,
): Promise<AdmittedManifest | null> {
  const row = await db
    .select({ manifestCbor: manifests.manifestCbor, sealsCbor: accountSeals.sealsCbor })
    .from(accountSeals)
    .innerJoin(
      manifests,
      and(eq(manifests.account, account), eq(manifests.version, accountSeals.version)),
    )
    .where(eq(accountSeals.account, account))
    .get();
  if (!row) return null;
  const { core, hash } = stored(row.manifestCbor);
  const seals = decodeAccountSeals(fromBase64url(row.sealsCbor));
  return { core: decodeManifestCore(core), hash, seals };
}

/** One answer's part of a chain. */
export interface ManifestPage {
  readonly manifests: string[];
  /** the account has newer ones */
  readonly more: boolean;
}

/** The chain from a version on, as much of it as goes into one answer, and at least one if there is one. */
export async function manifestPage(
  db: Database,
  account: AccountId,
  from: number,
): Promise<ManifestPage> {
  const length = sql<number>`length(${manifests.manifestCbor})`;
  const page = db
    .select({
      version: manifests.version,
      manifestCbor: manifests.manifestCbor,
      before: sql<number>`sum(${length}) over (order by ${manifests.version}) - ${length}`.as(
        "before",
      ),
    })
    .from(manifests)
    .where(and(eq(manifests.account, account), gte(manifests.version, from)))
    .orderBy(asc(manifests.version))
    .limit(LIMITS.itemsPerPage)
    .as("page");
  const [rows, newest] = await Promise.all([
    db
      .select({ version: page.version, manifestCbor: page.manifestCbor })
      .from(page)
      .where(sql`${page.before} < ${PAGE_CHARS}`)
      .orderBy(asc(page.version)),
    newestManifestVersion(db, account),
  ]);
  const last = rows.at(-1)?.version;
  return {
    manifests: rows.map((row) => row.manifestCbor),
    more: last !== undefined && last < (newest ?? 0),
  };
}
