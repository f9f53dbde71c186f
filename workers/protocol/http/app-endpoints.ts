import { accountEndpoints } from "./accounts.ts";
import { attachmentEndpoints } from "./attachments.ts";
import { conversationEndpoints } from "./conversations.ts";
import { invitationEndpoints } from "./invitations.ts";
import { privateRecordEndpoints } from "./private-records.ts";
import { sessionEndpoints } from "./sessions.ts";
import { systemEndpoints } from "./system.ts";

/** What the app may call. Areas that it has no use for, such as administration's, never reach its bundle. */
export const APP_ENDPOINTS = {
  ...systemEndpoints,
  ...accountEndpoints,
  ...sessionEndpoints,
  ...privateRecordEndpoints,
  ...invitationEndpoints,
  ...conversationEndpoints,
  ...attachmentEndpoints,
} as const;

export type AppEndpointName = keyof typeof APP_ENDPOINTS;
