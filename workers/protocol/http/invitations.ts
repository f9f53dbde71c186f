import * as z from "zod/mini";
import { id16, id32, signature, time } from "../fields.ts";
import { type Endpoint, accountRole } from "./endpoint.ts";

export const invitationState = z.enum(["open", "used", "withdrawn", "expired"]);
export const invitationView = z.object({
  state: invitationState,
  role: accountRole,
  expiresAt: time,
  inviter: z.object({ publicName: z.nullable(z.string()) }),
});
export const createInvitation = z.strictObject({ signPub: id32, expiresAt: time });
export const createInvitationResult = z.object({ invite: id16 });
export const invitationList = z.object({
  invitations: z.array(
    z.object({ invite: id16, state: invitationState, createdAt: time, expiresAt: time }),
  ),
});
export const claimRequest = z.strictObject({ signature });
/** null: an invitation of a practitioner, which has no conversation */
export const claimResult = z.object({ conversation: z.nullable(id32) });

/** Invitations (I6, I7). Those of practitioners need keys, so they belong to the app and not to the dashboard. */
export const invitationEndpoints = {
  invitation: {
    method: "GET",
    path: "/api/invitations/:invite",
    access: "anonymous",
    limit: "attempt",
    result: invitationView,
  },
  claim: {
    method: "POST",
    path: "/api/invitations/:invite/claim",
    access: "device",
    limit: "costly",
    roles: ["patient"],
    body: claimRequest,
    result: claimResult,
  },
  createInvitation: {
    method: "POST",
    path: "/api/invitations",
    access: "device",
    limit: "costly",
    roles: ["administrator"],
    body: createInvitation,
    result: createInvitationResult,
  },
  invitations: {
    method: "GET",
    path: "/api/invitations",
    access: "device",
    limit: "read",
    roles: ["administrator"],
    result: invitationList,
  },
} as const satisfies Record<string, Endpoint>;
