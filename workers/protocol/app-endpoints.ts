import { accountEndpoints } from "./http/accounts.ts";
import { conversationEndpoints } from "./http/conversations.ts";
import { invitationEndpoints } from "./http/invitations.ts";
import { privateRecordEndpoints } from "./http/private-records.ts";
import { sessionEndpoints } from "./http/sessions.ts";
import { systemEndpoints } from "./http/system.ts";

/** What the app may call. Areas that it has no use for, such as administration's, never reach its bundle. */
export const APP_ENDPOINTS = {
  ...systemEndpoints,
  ...accountEndpoints,
  ...sessionEndpoints,
  ...privateRecordEndpoints,
  ...invitationEndpoints,
  ...conversationEndpoints,
} as const;

export type AppEndpointName = keyof typeof APP_ENDPOINTS;
