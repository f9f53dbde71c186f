import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type SQL, and, eq, gt, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { operatorPasses } from "../db/operator-passes.schema.ts";
import { concatBytes, toBase64url } from "../protocol/bytes.ts";
import { label } from "../protocol/labels.ts";

export type PassPurpose = (typeof operatorPasses.$inferSelect)["purpose"];

/** What is stored for a pass; `scripts/ops/pass.mjs` makes the same. */
export const passHash = (pass: string): string =>
  toBase64url(sha256(concatBytes(label("operator-pass"), utf8ToBytes(pass))));

/** SQL: this pass is good now. */
export const isGoodPass = (hash: string, purpose: PassPurpose, now: number): SQL =>
  sql`exists (select 1 from ${operatorPasses} where ${operatorPasses.hash} = ${hash}
    and ${operatorPasses.purpose} = ${purpose} and ${operatorPasses.expiresAt} > ${now})`;

/** Whether some pass for this purpose is out: a setup link that makes one more administrator (I7), for example. */
export async function isPassOut(db: Database, purpose: PassPurpose, now: number): Promise<boolean> {
  const row = await db
    .select({ hash: operatorPasses.hash })
    .from(operatorPasses)
    .where(and(eq(operatorPasses.purpose, purpose), gt(operatorPasses.expiresAt, now)))
    .limit(1)
    .get();
  return row !== undefined;
}

export async function hasPass(
  db: Database,
  pass: string,
  purpose: PassPurpose,
  now: number,
): Promise<boolean> {
  const row = await db.get<{ good: number }>(
    sql`select ${isGoodPass(passHash(pass), purpose, now)} as good`,
  );
  return row.good === 1;
}

/** For the batch that uses it: a pass is good once. */
export const consumePass = (db: Database, hash: string) =>
  db.delete(operatorPasses).where(eq(operatorPasses.hash, hash));
