import * as z from "zod/mini";
import { base64url, id16, id32, positive, signature } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { type Endpoint, accountRole } from "./endpoint.ts";
import { sessionView } from "./sessions.ts";

const manifestCbor = base64url(LIMITS.manifest + 1024);
const sealsCbor = base64url(LIMITS.seals);
const displayName = z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.publicName));

/** Fields of RegistrationResponseJSON that are posted (K7: a whitelist, so PRF output cannot leave). */
export const attestation = z.strictObject({
  id: base64url(1024),
  rawId: base64url(1024),
  type: z.literal("public-key"),
  authenticatorAttachment: z.optional(z.string().check(z.maxLength(32))),
  response: z.strictObject({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(16384),
    transports: z.optional(z.array(z.string().check(z.maxLength(32))).check(z.maxLength(8))),
  }),
});
export type Attestation = z.infer<typeof attestation>;

export const challengePurpose = z.enum(["register", "authenticate", "device"]);
export const challengeRequest = z.strictObject({ purpose: challengePurpose });
export const challengeResponse = z.object({ challenge: id32, rpId: z.string() });

/** I6, I7: by what right an account is created. */
const creationClaim = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("setup"), token: z.string().check(z.maxLength(256)) }),
  z.strictObject({ kind: z.literal("invitation"), invite: id16, signature }),
]);

/** K10: an attested passkey waits here for its account, for a day; `secret` is known to the device that made it. */
export const parkPasskey = z.strictObject({
  claim: creationClaim,
  account: id32,
  passkey: attestation,
  secret: id32,
});

/** K10: all or nothing. */
export const createAccount = z.strictObject({
  claim: creationClaim,
  /** one that was parked for this account; null: this person goes on with the recovery code alone */
  passkey: z.nullable(z.strictObject({ credential: base64url(1024), secret: id32 })),
  manifestCbor,
  sealsCbor,
  recovery: z.strictObject({ id: id16, authHash: id32 }),
  /** of administrators and practitioners; patients have none (N3) */
  publicName: z.nullable(displayName),
  consent: z.strictObject({ notice: z.string().check(z.minLength(1), z.maxLength(32)) }),
});
export type CreateAccount = z.infer<typeof createAccount>;

export const accountView = z.object({
  account: id32,
  role: accountRole,
  publicName: z.nullable(z.string()),
  version: positive,
  manifestCbor,
  sealsCbor,
  /** signed farewells of devices that are live in this manifest still (K3) */
  farewells: z.array(base64url(LIMITS.farewell)).check(z.maxLength(LIMITS.devices)),
});
export type AccountView = z.infer<typeof accountView>;

/** Compare-and-swap: the server's version must be the manifest's version - 1, else stale_version. */
export const putAccount = z.strictObject({ manifestCbor, sealsCbor });

/** Oldest first; `more`: ask again from the version after the last. */
export const manifestChain = z.object({ manifests: z.array(manifestCbor), more: z.boolean() });

/** Making an account and keeping its manifest (K5, K10). */
export const accountEndpoints = {
  challenge: {
    method: "POST",
    path: "/api/challenges",
    access: "anonymous",
    limit: "attempt",
    body: challengeRequest,
    result: challengeResponse,
  },
  parkPasskey: {
    method: "POST",
    path: "/api/passkeys/parked",
    access: "anonymous",
    limit: "attempt",
    body: parkPasskey,
    result: z.object({ rpId: z.string().check(z.maxLength(255)) }),
  },
  createAccount: {
    method: "POST",
    path: "/api/accounts",
    access: "anonymous",
    limit: "attempt",
    body: createAccount,
    result: sessionView,
  },
  manifests: {
    method: "GET",
    path: "/api/accounts/:account/manifests",
    access: "device",
    limit: "read",
    query: ["from", "conversation"],
    result: manifestChain,
  },
  account: {
    method: "GET",
    path: "/api/account",
    access: "session",
    limit: "read",
    result: accountView,
  },
  putAccount: {
    method: "PUT",
    path: "/api/account",
    access: "session",
    limit: "costly",
    body: putAccount,
    result: accountView,
  },
  ownManifests: {
    method: "GET",
    path: "/api/account/manifests",
    access: "session",
    limit: "read",
    query: ["from"],
    result: manifestChain,
  },
} as const satisfies Record<string, Endpoint>;
