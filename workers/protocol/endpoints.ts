import type * as z from "zod/mini";
import * as http from "./http.ts";

/** Who may call: nobody signed in is needed, a session, or a session bound to a device (K12). */
export type Access = "anonymous" | "session" | "device";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Hono and OpenAPI agree on this but for `:name` against `{name}` */
  readonly path: string;
  readonly access: Access;
  /** only these roles; others get not_found */
  readonly roles?: readonly http.AccountRole[];
  readonly summary: string;
  readonly query?: readonly string[];
  readonly body?: z.ZodMiniType;
  readonly result: z.ZodMiniType;
}

/** The HTTP contract: routes, the OpenAPI document, the client and the authorisation tests are built from it. */
export const ENDPOINTS = {
  health: {
    method: "GET",
    path: "/api/health",
    access: "anonymous",
    summary: "Whether the Worker answers",
    result: http.healthView,
  },
  setup: {
    method: "GET",
    path: "/api/setup",
    access: "anonymous",
    summary: "Whether the first administrator is still to be made (I7)",
    result: http.setupView,
  },
  challenge: {
    method: "POST",
    path: "/api/challenges",
    access: "anonymous",
    summary: "A single-use challenge for a passkey or a device signature",
    body: http.challengeRequest,
    result: http.challengeResponse,
  },
  createAccount: {
    method: "POST",
    path: "/api/accounts",
    access: "anonymous",
    summary: "Create an account by setup link or invitation, all or nothing (K10)",
    body: http.createAccount,
    result: http.sessionView,
  },
  manifests: {
    method: "GET",
    path: "/api/accounts/:account/manifests",
    access: "device",
    summary: "Manifest chain of an account that shares a conversation with the caller",
    query: ["from", "conversation"],
    result: http.manifestChain,
  },
  account: {
    method: "GET",
    path: "/api/account",
    access: "session",
    summary: "The caller's newest manifest and seals",
    result: http.accountView,
  },
  putAccount: {
    method: "PUT",
    path: "/api/account",
    access: "session",
    summary: "Replace manifest and seals by compare-and-swap (K5)",
    body: http.putAccount,
    result: http.accountView,
  },
  ownManifests: {
    method: "GET",
    path: "/api/account/manifests",
    access: "session",
    summary: "The caller's manifest chain",
    query: ["from"],
    result: http.manifestChain,
  },
  passkeySession: {
    method: "POST",
    path: "/api/session/passkey",
    access: "anonymous",
    summary: "Sign in with a passkey",
    body: http.passkeySession,
    result: http.sessionView,
  },
  recoverySession: {
    method: "POST",
    path: "/api/session/recovery",
    access: "anonymous",
    summary: "Sign in with the recovery code's proof (K11)",
    body: http.recoverySession,
    result: http.sessionView,
  },
  deviceSession: {
    method: "POST",
    path: "/api/session/device",
    access: "anonymous",
    summary: "Bind or renew a session by a device signature (K12)",
    body: http.deviceSession,
    result: http.sessionView,
  },
  session: {
    method: "GET",
    path: "/api/session",
    access: "session",
    summary: "The caller's session",
    result: http.sessionView,
  },
  endSession: {
    method: "DELETE",
    path: "/api/session",
    access: "session",
    summary: "Sign out",
    result: http.empty,
  },
  sessions: {
    method: "GET",
    path: "/api/sessions",
    access: "session",
    summary: "The caller's sessions",
    result: http.sessionList,
  },
  revokeSession: {
    method: "DELETE",
    path: "/api/sessions/:session",
    access: "session",
    summary: "End one of the caller's sessions and its sockets",
    result: http.empty,
  },
  privatePage: {
    method: "GET",
    path: "/api/private",
    access: "session",
    summary: "The caller's private records, a page at a time (K9)",
    query: ["after"],
    result: http.privatePage,
  },
  privateRecord: {
    method: "GET",
    path: "/api/private/:key",
    access: "session",
    summary: "One private record",
    result: http.privateRecord,
  },
  putPrivate: {
    method: "PUT",
    path: "/api/private/:key",
    access: "session",
    summary: "Write a private record by compare-and-swap",
    body: http.putPrivate,
    result: http.putPrivateResult,
  },
  invitation: {
    method: "GET",
    path: "/api/invitations/:invite",
    access: "anonymous",
    summary: "State of an invitation and its inviter's public name (I6)",
    result: http.invitationView,
  },
  claim: {
    method: "POST",
    path: "/api/invitations/:invite/claim",
    access: "device",
    roles: ["patient"],
    summary: "Let this account read the invitation's conversation until it joins (I6)",
    body: http.claimRequest,
    result: http.claimResult,
  },
  createInvitation: {
    method: "POST",
    path: "/api/invitations",
    access: "device",
    roles: ["administrator"],
    summary: "Invite a practitioner",
    body: http.createInvitation,
    result: http.createInvitationResult,
  },
  invitations: {
    method: "GET",
    path: "/api/invitations",
    access: "device",
    roles: ["administrator"],
    summary: "Invitations of practitioners made by the caller",
    result: http.invitationList,
  },
  createConversation: {
    method: "POST",
    path: "/api/conversations",
    access: "device",
    roles: ["practitioner"],
    summary: "Create a conversation with bundle 0",
    body: http.createConversation,
    result: http.createConversationResult,
  },
  bundles: {
    method: "GET",
    path: "/api/conversations/:conversation/bundles",
    access: "device",
    summary: "Bundles from n on, with the caller's seals and shares",
    query: ["from"],
    result: http.logPage,
  },
  log: {
    method: "GET",
    path: "/api/conversations/:conversation/log",
    access: "device",
    summary: "A page of the log after or before a seq, or from a time on",
    query: ["after", "before", "at", "limit"],
    result: http.logPage,
  },
  frames: {
    method: "POST",
    path: "/api/conversations/:conversation/frames",
    access: "device",
    summary: "The socket's frames over HTTP",
    body: http.frameRequest,
    result: http.frameResponse,
  },
  deletions: {
    method: "POST",
    path: "/api/conversations/:conversation/deletions",
    access: "device",
    summary: "Remove the ciphertext of an own message that a later own one deletes (M5)",
    body: http.deletionRequest,
    result: http.empty,
  },
  tails: {
    method: "POST",
    path: "/api/tails",
    access: "device",
    summary: "State, bundles and last envelopes of up to 50 conversations (K13)",
    body: http.tailsRequest,
    result: http.tailsResponse,
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;
