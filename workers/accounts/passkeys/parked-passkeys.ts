import { sha256 } from "@noble/hashes/sha2.js";
import { eq, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { parkedPasskeys } from "../../db/parked-passkeys.schema.ts";
import { concatBytes, equalBytes, fromBase64url, toBase64url } from "../../protocol/bytes.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { CreateAccount } from "../../protocol/http/accounts.ts";
import type { AccountId } from "../../protocol/ids.ts";
import { label } from "../../protocol/labels.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Credential } from "./passkey.ts";

/** What the passkeys of one claim are counted by. */
export const claimName = (claim: CreateAccount["claim"]): string =>
  claim.kind === "setup" ? "setup" : claim.invite;

const hashOf = (secret: Uint8Array): string =>
  toBase64url(sha256(concatBytes(label("parked-passkey"), secret)));

interface Parking {
  readonly account: AccountId;
  readonly claim: CreateAccount["claim"];
  readonly credential: Credential;
  readonly secret: Uint8Array;
}

/**
 * K10: keeps an attested passkey until its account is made. The newest four of a claim are kept: who made more went back
 * and began anew. Throws `passkey_refused` if the credential is parked already.
 */
export async function parkPasskey(db: Database, parking: Parking, now: number): Promise<void> {
  const { account, credential, secret } = parking;
  const claim = claimName(parking.claim);
  const [, inserted] = await db.batch([
    db.delete(parkedPasskeys).where(
      sql`credential in (
            select credential from ${parkedPasskeys} where claim = ${claim}
            order by parked_at desc, credential limit -1 offset ${LIMITS.parkedPasskeys - 1})`,
    ),
    db
      .insert(parkedPasskeys)
      .values({
        credential: credential.id,
        account,
        publicKey: toBase64url(credential.publicKey),
        counter: credential.counter,
        secretHash: hashOf(secret),
        claim,
        parkedAt: now,
        expiresAt: now + LIMITS.parkedMs,
      })
      .onConflictDoNothing()
      .returning({ credential: parkedPasskeys.credential }),
  ]);
  if (inserted.length === 0) throw new ProtocolError("passkey_refused");
}

/** K10: the passkey that was parked for this account under this secret. Throws `passkey_refused`. */
export async function parkedPasskey(
  db: Database,
  account: AccountId,
  named: { readonly credential: string; readonly secret: string },
  now: number,
): Promise<Credential> {
  const row = await db
    .select()
    .from(parkedPasskeys)
    .where(eq(parkedPasskeys.credential, named.credential))
    .get();
  const isTheirs =
    row !== undefined &&
    row.account === account &&
    row.expiresAt > now &&
    equalBytes(fromBase64url(row.secretHash), fromBase64url(hashOf(fromBase64url(named.secret))));
  if (!isTheirs) throw new ProtocolError("passkey_refused");
  return { id: row.credential, publicKey: fromBase64url(row.publicKey), counter: row.counter };
}

/** For the batch that makes the account. */
export const takeParked = (db: Database, credential: string) =>
  db.delete(parkedPasskeys).where(eq(parkedPasskeys.credential, credential));
