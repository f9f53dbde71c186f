import * as z from "zod/mini";
import { base64url, id16, id32, signature, time } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { type Endpoint, accountRole, empty } from "./endpoint.ts";

/** Fields of AuthenticationResponseJSON that are posted (K7). */
export const assertion = z.strictObject({
  id: base64url(1024),
  rawId: base64url(1024),
  type: z.literal("public-key"),
  authenticatorAttachment: z.optional(z.string().check(z.maxLength(32))),
  response: z.strictObject({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(4096),
    signature: base64url(1024),
    userHandle: id32,
  }),
});
export type Assertion = z.infer<typeof assertion>;

export const passkeySession = z.strictObject({ passkey: assertion });
export const recoverySession = z.strictObject({ id: id16, auth: id32 });
export const deviceSession = z.strictObject({
  account: id32,
  device: id32,
  challenge: id32,
  signature,
});

/** K3: CBOR of {core, signature}. */
export const farewell = z.strictObject({ farewell: base64url(LIMITS.farewell) });

export const sessionView = z.object({
  account: id32,
  role: accountRole,
  /** null until a device signature binds the session (K12) */
  device: z.nullable(id32),
  expiresAt: time,
});
export type SessionView = z.infer<typeof sessionView>;

export const sessionList = z.object({
  sessions: z.array(
    z.object({
      id: id16,
      device: z.nullable(id32),
      createdAt: time,
      lastSeenAt: time,
      current: z.boolean(),
    }),
  ),
});

/** Signing in and out (K11, K12). */
export const sessionEndpoints = {
  passkeySession: {
    method: "POST",
    path: "/api/session/passkey",
    access: "anonymous",
    limit: "attempt",
    body: passkeySession,
    result: sessionView,
  },
  recoverySession: {
    method: "POST",
    path: "/api/session/recovery",
    access: "anonymous",
    limit: "attempt",
    body: recoverySession,
    result: sessionView,
  },
  deviceSession: {
    method: "POST",
    path: "/api/session/device",
    access: "anonymous",
    limit: "attempt",
    body: deviceSession,
    result: sessionView,
  },
  session: {
    method: "GET",
    path: "/api/session",
    access: "session",
    limit: "read",
    result: sessionView,
  },
  endSession: {
    method: "DELETE",
    path: "/api/session",
    access: "session",
    limit: "write",
    result: empty,
  },
  farewell: {
    method: "POST",
    path: "/api/farewells",
    access: "device",
    limit: "write",
    body: farewell,
    result: empty,
  },
  sessions: {
    method: "GET",
    path: "/api/sessions",
    access: "session",
    limit: "read",
    result: sessionList,
  },
  revokeSession: {
    method: "DELETE",
    path: "/api/sessions/:session",
    access: "session",
    limit: "write",
    result: empty,
  },
} as const satisfies Record<string, Endpoint>;
