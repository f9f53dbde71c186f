import type { invitationEndpoints } from "../../protocol/http/invitations.ts";

export const invitationSummaries: Readonly<Record<keyof typeof invitationEndpoints, string>> = {
  invitation: "State of an invitation and its inviter's public name (I6)",
  claim: "Let this account read the invitation's conversation until it joins (I6)",
  createInvitation: "Invite a practitioner",
  invitations: "Invitations of practitioners made by the caller",
};
