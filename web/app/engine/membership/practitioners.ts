import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { inviteIdText, parseInviteId } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { inviteKeys, newInviteSecret } from "../../../core/invitation/keys.ts";
import type { PractitionerInvitation } from "../../view.ts";
import { practitionerLink } from "./invitation-links.ts";
import type { ChangeContext } from "./changes.ts";

type Inviting = Pick<ChangeContext, "deps" | "me" | "origin" | "privateRecords">;

/** Invites a practitioner: the link is in private state before the invitation exists (A3). */
export async function invitePractitioner(
  { deps, me, origin, privateRecords }: Inviting,
  name: string,
): Promise<string> {
  const secret = newInviteSecret(deps.suite.random);
  const keys = inviteKeys(secret);
  const createdAt = deps.now();
  const expiresAt = createdAt + LIMITS.invitationMs;
  await privateRecords.put({
    kind: "practitioner-invitation",
    invite: { id: keys.id, secret, expiresAt },
    label: name,
    createdAt,
  });
  await deps.api.call("createInvitation", {
    body: { signPub: toBase64url(keys.signPub), expiresAt },
  });
  return practitionerLink(origin, me.account, secret, name);
}

/** The administrator's invitations, newest first, with what only this account knows of them. */
export async function practitionerInvitations({
  deps,
  me,
  origin,
  privateRecords,
}: Inviting): Promise<readonly PractitionerInvitation[]> {
  const { invitations } = await deps.api.call("invitations");
  return invitations
    .map(({ state, createdAt, expiresAt, ...listed }) => {
      const invite = parseInviteId(listed.invite);
      const known = privateRecords.find(
        "practitioner-invitation",
        (record) => inviteIdText(record.invite.id) === invite,
      );
      const link = known && practitionerLink(origin, me.account, known.invite.secret, known.label);
      return {
        invite,
        label: known?.label ?? "",
        state,
        createdAt,
        expiresAt,
        link: state === "open" ? link : null,
      };
    })
    .sort((a, b) => b.createdAt - a.createdAt);
}
