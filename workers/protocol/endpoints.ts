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
    result: http.healthView,
  },
  setup: {
    method: "GET",
    path: "/api/setup",
    access: "anonymous",
    result: http.setupView,
  },
  challenge: {
    method: "POST",
    path: "/api/challenges",
    access: "anonymous",
    body: http.challengeRequest,
    result: http.challengeResponse,
  },
  createAccount: {
    method: "POST",
    path: "/api/accounts",
    access: "anonymous",
    body: http.createAccount,
    result: http.sessionView,
  },
  manifests: {
    method: "GET",
    path: "/api/accounts/:account/manifests",
    access: "device",
    query: ["from", "conversation"],
    result: http.manifestChain,
  },
  account: {
    method: "GET",
    path: "/api/account",
    access: "session",
    result: http.accountView,
  },
  putAccount: {
    method: "PUT",
    path: "/api/account",
    access: "session",
    body: http.putAccount,
    result: http.accountView,
  },
  ownManifests: {
    method: "GET",
    path: "/api/account/manifests",
    access: "session",
    query: ["from"],
    result: http.manifestChain,
  },
  passkeySession: {
    method: "POST",
    path: "/api/session/passkey",
    access: "anonymous",
    body: http.passkeySession,
    result: http.sessionView,
  },
  recoverySession: {
    method: "POST",
    path: "/api/session/recovery",
    access: "anonymous",
    body: http.recoverySession,
    result: http.sessionView,
  },
  deviceSession: {
    method: "POST",
    path: "/api/session/device",
    access: "anonymous",
    body: http.deviceSession,
    result: http.sessionView,
  },
  session: {
    method: "GET",
    path: "/api/session",
    access: "session",
    result: http.sessionView,
  },
  endSession: {
    method: "DELETE",
    path: "/api/session",
    access: "session",
    result: http.empty,
  },
  sessions: {
    method: "GET",
    path: "/api/sessions",
    access: "session",
    result: http.sessionList,
  },
  revokeSession: {
    method: "DELETE",
    path: "/api/sessions/:session",
    access: "session",
    result: http.empty,
  },
  privatePage: {
    method: "GET",
    path: "/api/private",
    access: "session",
    query: ["after"],
    result: http.privatePage,
  },
  privateRecord: {
    method: "GET",
    path: "/api/private/:key",
    access: "session",
    result: http.privateRecord,
  },
  putPrivate: {
    method: "PUT",
    path: "/api/private/:key",
    access: "session",
    body: http.putPrivate,
    result: http.putPrivateResult,
  },
  invitation: {
    method: "GET",
    path: "/api/invitations/:invite",
    access: "anonymous",
    result: http.invitationView,
  },
  claim: {
    method: "POST",
    path: "/api/invitations/:invite/claim",
    access: "device",
    roles: ["patient"],
    body: http.claimRequest,
    result: http.claimResult,
  },
  createInvitation: {
    method: "POST",
    path: "/api/invitations",
    access: "device",
    roles: ["administrator"],
    body: http.createInvitation,
    result: http.createInvitationResult,
  },
  invitations: {
    method: "GET",
    path: "/api/invitations",
    access: "device",
    roles: ["administrator"],
    result: http.invitationList,
  },
  createConversation: {
    method: "POST",
    path: "/api/conversations",
    access: "device",
    roles: ["practitioner"],
    body: http.createConversation,
    result: http.createConversationResult,
  },
  bundles: {
    method: "GET",
    path: "/api/conversations/:conversation/bundles",
    access: "device",
    query: ["from"],
    result: http.logPage,
  },
  log: {
    method: "GET",
    path: "/api/conversations/:conversation/log",
    access: "device",
    query: ["after", "before", "at", "limit"],
    result: http.logPage,
  },
  frames: {
    method: "POST",
    path: "/api/conversations/:conversation/frames",
    access: "device",
    body: http.frameRequest,
    result: http.frameResponse,
  },
  deletions: {
    method: "POST",
    path: "/api/conversations/:conversation/deletions",
    access: "device",
    body: http.deletionRequest,
    result: http.empty,
  },
  tails: {
    method: "POST",
    path: "/api/tails",
    access: "device",
    body: http.tailsRequest,
    result: http.tailsResponse,
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;
