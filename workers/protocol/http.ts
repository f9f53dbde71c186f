import * as z from "zod/mini";
import { base64url, base64urlOf, positive, time, unsigned } from "./fields.ts";
import { LIMITS } from "./limits.ts";

/** Bodies of the HTTP contract. Byte fields are base64url; those named `...Cbor` hold a CBOR object. */

export const accountRole = z.enum(["administrator", "practitioner", "patient"]);
export type AccountRole = z.infer<typeof accountRole>;

const id32 = base64urlOf(32);
const id16 = base64urlOf(16);
const signature = base64urlOf(64);
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

export const challengePurpose = z.enum(["register", "authenticate", "device"]);
export const challengeRequest = z.strictObject({ purpose: challengePurpose });
export const challengeResponse = z.object({ challenge: id32, rpId: z.string() });

/** I6, I7: by what right an account is created. */
const creationClaim = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("setup"), token: z.string().check(z.maxLength(256)) }),
  z.strictObject({ kind: z.literal("invitation"), invite: id16, signature }),
]);

/** K10: all or nothing. */
export const createAccount = z.strictObject({
  claim: creationClaim,
  /** null: this person goes on with the recovery code alone */
  passkey: z.nullable(attestation),
  manifestCbor,
  sealsCbor,
  recovery: z.strictObject({ id: id16, authHash: id32 }),
  /** of administrators and practitioners; patients have none (N3) */
  publicName: z.nullable(displayName),
  consent: z.strictObject({ notice: z.string().check(z.minLength(1), z.maxLength(32)) }),
});
export type CreateAccount = z.infer<typeof createAccount>;

export const passkeySession = z.strictObject({ passkey: assertion });
export const recoverySession = z.strictObject({ id: id16, auth: id32 });
export const deviceSession = z.strictObject({
  account: id32,
  device: id32,
  challenge: id32,
  signature,
});

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

export const accountView = z.object({
  account: id32,
  role: accountRole,
  publicName: z.nullable(z.string()),
  version: positive,
  manifestCbor,
  sealsCbor,
});
export type AccountView = z.infer<typeof accountView>;

/** Compare-and-swap: the server's version must be the manifest's version - 1, else stale_version. */
export const putAccount = z.strictObject({ manifestCbor, sealsCbor });

/** Oldest first; `more`: ask again from the version after the last. */
export const manifestChain = z.object({ manifests: z.array(manifestCbor), more: z.boolean() });

const recordValue = base64url(LIMITS.privateRecord);
export const privateRecord = z.object({ key: id32, version: positive, value: recordValue });
export const privatePage = z.object({
  records: z.array(privateRecord),
  /** pass as `after` for the next page; null at the end */
  next: z.nullable(id32),
});
/** Compare-and-swap: `version` is the one being replaced; 0 creates. Else stale_version. */
export const putPrivate = z.strictObject({ version: unsigned, value: recordValue });
export const putPrivateResult = z.object({ version: positive });

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

export const createConversation = z.strictObject({ bundleCbor: base64url(LIMITS.body) });
export const createConversationResult = z.object({ conversation: id32, seq: positive, at: time });

/** Each item is base64url of the CBOR of one log item (frames.ts). */
const items = z.array(base64url(LIMITS.body));
export const logPage = z.object({
  items,
  /** there is more in the direction asked for */
  more: z.boolean(),
});
export const frameRequest = z.strictObject({
  frames: z.array(base64url(LIMITS.frame)).check(z.minLength(1), z.maxLength(16)),
});
/** Each frame is base64url of the CBOR of one conversationDown. */
export const frameResponse = z.object({ frames: z.array(base64url(LIMITS.body)) });

/** M5: the place to be emptied, and that of the signed message of the same account that says so */
export const deletionRequest = z.strictObject({ seq: positive, deletion: positive });

export const tailsRequest = z.strictObject({
  conversations: z.array(id32).check(z.minLength(1), z.maxLength(LIMITS.tails)),
});
/** Conversations that the caller may not read are absent. */
export const tailsResponse = z.object({
  tails: z.array(
    z.object({
      conversation: id32,
      /** CBOR of conversationState */
      stateCbor: base64url(LIMITS.body),
      /** every bundle to the head, and the last 20 envelopes, by seq */
      items,
    }),
  ),
});

export const setupView = z.object({ needed: z.boolean() });
export const healthView = z.object({ ok: z.literal(true), protocol: positive });
export const empty = z.object({});
