import { database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import { conversationObject } from "../objects/objects.ts";
import type { Handler, Routes } from "../http/route.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { inviteIdOf, inviteIdText, parseConversationId, parseInviteId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { isAdmissibleSigningKey } from "../protocol/signing.ts";
import { checkClaimSignature } from "./creation-claim.ts";
import {
  findInvitation,
  listInvitations,
  recordWithinBudget,
  refusalOfState,
  stateOf,
} from "./invitation-store.ts";

/** I6: what anybody with the link's id may know. */
const invitation: Handler<"invitation"> = async ({ env, params, now }) => {
  const invite = parseInviteId(params["invite"] ?? "");
  const found = await findInvitation(database(env.DB), invite);
  if (!found) throw new ProtocolError("not_found");
  const { role, expiresAt } = found.invitation;
  const { publicName } = found;
  return { state: stateOf(found.invitation, now), role, expiresAt, inviter: { publicName } };
};

const createInvitation: Handler<"createInvitation"> = async ({ env, caller, body, now }) => {
  const signPub = fromBase64url(body.signPub);
  if (!isAdmissibleSigningKey(signPub)) throw new ProtocolError("bad_request", "signPub (E7)");
  if (body.expiresAt <= now || body.expiresAt > now + LIMITS.invitationMaxMs) {
    throw new ProtocolError("bad_request", "expiresAt (I4)");
  }
  const invite = inviteIdText(inviteIdOf(signPub));
  const { openInvitations } = settingsOf(env).budgets;
  await recordWithinBudget(
    database(env.DB),
    {
      inviteId: invite,
      signPub,
      role: "practitioner",
      expiresAt: body.expiresAt,
      inviter: caller.account,
      conversation: null,
      createdAt: now,
    },
    openInvitations,
  );
  return { invite };
};

const invitations: Handler<"invitations"> = async ({ env, caller, now }) => ({
  invitations: (await listInvitations(database(env.DB), caller.account)).map((row) => ({
    invite: row.inviteId,
    state: stateOf(row, now),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  })),
});

/** I6: an account that exists joins. The Conversation decides; it alone knows its pending entries. */
const claim: Handler<"claim"> = async ({ env, caller, params, body, now }) => {
  const invite = parseInviteId(params["invite"] ?? "");
  const found = await findInvitation(database(env.DB), invite);
  if (!found) throw new ProtocolError("not_found");
  const { signPub, conversation: text, usedBy } = found.invitation;
  await checkClaimSignature(signPub, invite, caller.account, body.signature);
  // An invitation of a practitioner makes accounts; this one has its role already (I6).
  if (text === null) throw new ProtocolError("claim_refused", "one account, one role");
  const conversation = parseConversationId(text);
  // A client that crashed after its join asks again.
  if (usedBy === caller.account) return { conversation };
  const refusal = refusalOfState(stateOf(found.invitation, now));
  if (refusal) throw new ProtocolError(refusal);
  const answer = await conversationObject(env, conversation).claim(invite, caller.account);
  if (!answer.ok) throw new ProtocolError(answer.error);
  return { conversation };
};

export const invitationRoutes = {
  invitation,
  createInvitation,
  invitations,
  claim,
} satisfies Routes;
