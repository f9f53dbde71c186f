import { sha256 } from "@noble/hashes/sha2.js";
import { and, eq, gt } from "drizzle-orm";
import type * as z from "zod/mini";
import type { Database } from "../../db/database.ts";
import { challenges } from "../../db/sessions.schema.ts";
import { concatBytes, toBase64url } from "../../protocol/bytes.ts";
import type { challengePurpose } from "../../protocol/http/accounts.ts";
import { label } from "../../protocol/labels.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { randomBytes } from "../../objects/random.ts";

export type ChallengePurpose = z.infer<typeof challengePurpose>;

const hashOf = (challenge: Uint8Array): string =>
  toBase64url(sha256(concatBytes(label("challenge-hash"), challenge)));

export async function issueChallenge(
  db: Database,
  purpose: ChallengePurpose,
  now: number,
): Promise<Uint8Array> {
  const challenge = randomBytes(32);
  await db
    .insert(challenges)
    .values({ hash: hashOf(challenge), purpose, expiresAt: now + LIMITS.challengeMs });
  return challenge;
}

/** Whether this challenge was issued for the purpose and is accepted now, once: the row is gone afterwards. */
export async function consumeChallenge(
  db: Database,
  purpose: ChallengePurpose,
  challenge: Uint8Array,
  now: number,
): Promise<boolean> {
  const rows = await db
    .delete(challenges)
    .where(
      and(
        eq(challenges.hash, hashOf(challenge)),
        eq(challenges.purpose, purpose),
        gt(challenges.expiresAt, now),
      ),
    )
    .returning({ hash: challenges.hash });
  return rows.length === 1;
}
