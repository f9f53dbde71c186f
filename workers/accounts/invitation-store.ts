import { and, count, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { accounts } from "../db/accounts.schema.ts";
import type { Database } from "../db/database.ts";
import { invitations } from "../db/invitations.schema.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { type ErrorCode, ProtocolError } from "../protocol/errors.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import type { invitationState } from "../protocol/http/invitations.ts";
import type { AccountId, ConversationId, InviteId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";

export type InvitationState = z.infer<typeof invitationState>;
export type InvitationRow = typeof invitations.$inferSelect;

/** Accounts that one patient's invitation may create: enough for lost answers and second tries, not for abuse. */
export const MAX_CREATIONS = 5;

/** What a reader is told: an invitation expires by the clock, without a write. */
export function stateOf(
  row: Pick<InvitationRow, "state" | "expiresAt">,
  now: number,
): InvitationState {
  return row.state === "open" && row.expiresAt <= now ? "expired" : row.state;
}

/** How a closed invitation is refused (I4); null for an open one. */
export function refusalOfState(state: InvitationState): ErrorCode | null {
  switch (state) {
    case "open":
      return null;
    case "used":
      return "invitation_used";
    case "withdrawn":
      return "invitation_withdrawn";
    case "expired":
      return "invitation_expired";
  }
}

export const findInvitation = (db: Database, invite: InviteId) =>
  db
    .select({ invitation: invitations, publicName: accounts.publicName })
    .from(invitations)
    .innerJoin(accounts, eq(accounts.id, invitations.inviter))
    .where(eq(invitations.inviteId, invite))
    .get();

/** Practitioners' invitations made by this administrator, newest first. */
export const listInvitations = (db: Database, inviter: AccountId) =>
  db
    .select()
    .from(invitations)
    .where(and(eq(invitations.inviter, inviter), isNull(invitations.conversation)))
    .orderBy(desc(invitations.createdAt))
    .limit(LIMITS.itemsPerPage);

interface NewInvitation {
  readonly inviteId: InviteId;
  readonly signPub: Uint8Array;
  readonly role: AccountRole;
  readonly expiresAt: number;
  readonly inviter: AccountId;
  readonly conversation: ConversationId | null;
  readonly createdAt: number;
}

const isOpen = (inviter: AccountId, now: number) =>
  and(
    eq(invitations.inviter, inviter),
    eq(invitations.state, "open"),
    gt(invitations.expiresAt, now),
  );

/** How many invitations of this account somebody could still accept, its conversations' included. */
export const countOpenInvitations = (db: Database, inviter: AccountId, now: number) =>
  db.$count(invitations, isOpen(inviter, now));

/**
 * Records a practitioner's invitation, unless its inviter has `budget` open ones. Throws `already_exists` or
 * `invitation_limit`.
 */
export async function recordWithinBudget(
  db: Database,
  invitation: NewInvitation,
  budget: number,
): Promise<void> {
  const { inviter, createdAt } = invitation;
  const known = await findInvitation(db, invitation.inviteId);
  if (known) throw new ProtocolError("already_exists");
  const open = db.select({ open: count() }).from(invitations).where(isOpen(inviter, createdAt));
  const rows = await db
    .insert(invitations)
    .select(
      sql`select ${invitation.inviteId}, ${toBase64url(invitation.signPub)}, ${invitation.role},
            ${invitation.expiresAt}, ${inviter}, ${invitation.conversation}, 'open', ${createdAt},
            null, 0
          where (${open}) < ${budget}`,
    )
    .onConflictDoNothing()
    .returning({ inviteId: invitations.inviteId });
  if (rows.length === 0) throw new ProtocolError("invitation_limit");
}

/**
 * Records an invitation once: told again, or of an id that is taken, nothing changes and the answer is false.
 * A conversation's outbox may therefore repeat itself (I1).
 */
export async function recordInvitation(db: Database, invitation: NewInvitation): Promise<boolean> {
  const rows = await db
    .insert(invitations)
    .values({ ...invitation, signPub: toBase64url(invitation.signPub), state: "open" })
    .onConflictDoNothing()
    .returning({ inviteId: invitations.inviteId });
  return rows.length === 1;
}

/** What the chain decided about an invitation of this conversation (I3). Idempotent: the first decision stays. */
export async function settleInvitation(
  db: Database,
  invite: InviteId,
  state: "used" | "withdrawn",
  account: AccountId | null,
  conversation: ConversationId,
): Promise<void> {
  await db
    .update(invitations)
    .set({ state, usedBy: account })
    .where(
      and(
        eq(invitations.inviteId, invite),
        eq(invitations.conversation, conversation),
        eq(invitations.state, "open"),
      ),
    );
}

/** SQL: this invitation can create an account now (I6). */
export const canCreate = (invite: InviteId, now: number) =>
  sql`exists (select 1 from ${invitations} where ${invitations.inviteId} = ${invite}
    and ${invitations.state} = 'open' and ${invitations.expiresAt} > ${now}
    and ${invitations.claims} < ${MAX_CREATIONS})`;

/** For the batch that creates the account: a practitioner's invitation is used by it, a patient's by the join. */
export const countCreation = (db: Database, invite: InviteId, account: AccountId) =>
  db
    .update(invitations)
    .set({
      claims: sql`${invitations.claims} + 1`,
      state: sql`case when ${invitations.conversation} is null then 'used' else ${invitations.state} end`,
      usedBy: sql`case when ${invitations.conversation} is null then ${account} else ${invitations.usedBy} end`,
    })
    .where(eq(invitations.inviteId, invite));
