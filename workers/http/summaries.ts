import type { EndpointName } from "../protocol/http/endpoints.ts";
import { accountSummaries } from "./summaries/accounts.ts";
import { attachmentSummaries } from "./summaries/attachments.ts";
import { conversationSummaries } from "./summaries/conversations.ts";
import { invitationSummaries } from "./summaries/invitations.ts";
import { operatorSummaries } from "./summaries/operator.ts";
import { privateRecordSummaries } from "./summaries/private-records.ts";
import { sessionSummaries } from "./summaries/sessions.ts";
import { systemSummaries } from "./summaries/system.ts";

/** What each endpoint is for, as the OpenAPI document says it; clients have no use for it. */
export const SUMMARIES: Readonly<Record<EndpointName, string>> = {
  ...systemSummaries,
  ...accountSummaries,
  ...sessionSummaries,
  ...privateRecordSummaries,
  ...invitationSummaries,
  ...conversationSummaries,
  ...attachmentSummaries,
  ...operatorSummaries,
};
