import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type SQL, eq, sql } from "drizzle-orm";
import { accounts } from "../db/accounts.schema.ts";
import type { Database } from "../db/database.ts";
import type { Settings } from "../env.ts";
import { equalBytes, fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { CreateAccount } from "../protocol/http/accounts.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import { type AccountId, type InviteId, idBytes, parseInviteId } from "../protocol/ids.ts";
import { claimBytes } from "../protocol/invitation.ts";
import { verifySigned } from "../protocol/signing.ts";
import { hasPass, isGoodPass, passHash } from "./operator-pass.ts";
import {
  MAX_CREATIONS,
  canCreate,
  findInvitation,
  refusalOfState,
  stateOf,
} from "./invitation-store.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

type Claim = CreateAccount["claim"];

/** By what right an account comes to be: its role, and the condition that its insertion must still meet. */
export interface Right {
  readonly role: AccountRole;
  readonly condition: SQL;
  readonly invite: InviteId | null;
  /** of an operator's pass that this creation uses up */
  readonly passHash: string | null;
}

/** I7: whether the first administrator has been made. */
export async function hasAdministrator(db: Database): Promise<boolean> {
  const row = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.role, "administrator"))
    .limit(1)
    .get();
  return row !== undefined;
}

const digest = (text: string): Uint8Array => sha256(utf8ToBytes(text));

/** I7: the first one by the deployment's own token; a further one by a pass that the operator had made. */
async function setupRight(
  db: Database,
  token: string,
  settings: Settings,
  now: number,
): Promise<Right> {
  const administrator = { role: "administrator", invite: null } as const;
  if (await hasPass(db, token, "administrator", now)) {
    const hash = passHash(token);
    const condition = isGoodPass(hash, "administrator", now);
    return { ...administrator, condition, passHash: hash };
  }
  await checkSetup(db, token, settings);
  const condition = sql`not exists (select 1 from ${accounts} where ${accounts.role} = 'administrator')`;
  return { ...administrator, condition, passHash: null };
}

/** I7. Both texts are hashed first, so that the comparison tells no length (E5). */
async function checkSetup(db: Database, token: string, settings: Settings): Promise<void> {
  const { setupToken } = settings;
  if (setupToken === null || !equalBytes(digest(token), digest(setupToken))) {
    throw new ProtocolError("setup_refused");
  }
  if (await hasAdministrator(db)) throw new ProtocolError("setup_done");
}

/** I6: the invite key's signature over the account. Throws `claim_refused`. */
export async function checkClaimSignature(
  signPub: string,
  invite: InviteId,
  account: AccountId,
  signature: string,
): Promise<void> {
  const isGenuine = await verifySigned(
    webCryptoVerifier,
    "sign-claim",
    fromBase64url(signPub),
    claimBytes(idBytes(invite), idBytes(account)),
    fromBase64url(signature),
  );
  if (!isGenuine) throw new ProtocolError("claim_refused");
}

/** Looks at an invitation before its use, and again after a use that another request won. */
async function openInvitation(db: Database, invite: InviteId, now: number) {
  const found = await findInvitation(db, invite);
  if (!found) throw new ProtocolError("not_found");
  const { invitation } = found;
  const refusal = refusalOfState(stateOf(invitation, now));
  if (refusal) throw new ProtocolError(refusal);
  if (invitation.claims >= MAX_CREATIONS) throw new ProtocolError("invitation_used");
  return invitation;
}

/** Throws `setup_refused`, `setup_done`, `not_found`, `claim_refused` or one of the invitation's refusals. */
export async function rightOf(
  db: Database,
  claim: Claim,
  account: AccountId,
  settings: Settings,
  now: number,
): Promise<Right> {
  switch (claim.kind) {
    case "setup":
      return setupRight(db, claim.token, settings, now);
    case "invitation": {
      const invite = parseInviteId(claim.invite);
      const { signPub, role } = await openInvitation(db, invite, now);
      await checkClaimSignature(signPub, invite, account, claim.signature);
      return { role, condition: canCreate(invite, now), invite, passHash: null };
    }
  }
}

/** Why a creation failed that was allowed a moment ago: another one was faster. */
export async function refusalOfRace(
  db: Database,
  claim: Claim,
  now: number,
): Promise<ProtocolError> {
  switch (claim.kind) {
    case "setup":
      if (await hasAdministrator(db)) return new ProtocolError("setup_done");
      break;
    case "invitation":
      try {
        await openInvitation(db, parseInviteId(claim.invite), now);
      } catch (error) {
        if (error instanceof ProtocolError) return error;
        throw error;
      }
      break;
  }
  return new ProtocolError("already_exists");
}
