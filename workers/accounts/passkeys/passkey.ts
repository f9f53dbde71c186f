import {
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import * as z from "zod/mini";
import type { Database } from "../../db/database.ts";
import { fromBase64url, toBase64url } from "../../protocol/bytes.ts";
import { encodeCbor } from "../../protocol/cbor.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Attestation } from "../../protocol/http/accounts.ts";
import type { Assertion } from "../../protocol/http/sessions.ts";
import { type ChallengePurpose, consumeChallenge } from "./challenge-store.ts";

/** Where a ceremony must have taken place. */
export interface Site {
  readonly origin: string;
  readonly rpId: string;
}

export interface Credential {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

/** ES256, EdDSA and RS256: what platforms offer (COSE algorithm registry, RFC 9053). */
const ALGORITHMS = [-7, -8, -257];

const clientData = z.object({ challenge: z.string().check(z.length(43)) });

/** Takes the single-use challenge that a ceremony names. Throws `challenge_refused`. */
async function takeChallenge(
  db: Database,
  purpose: ChallengePurpose,
  clientDataJSON: string,
  now: number,
): Promise<string> {
  try {
    const text = new TextDecoder().decode(fromBase64url(clientDataJSON));
    const { challenge } = clientData.parse(JSON.parse(text));
    const bytes = fromBase64url(challenge);
    if (await consumeChallenge(db, purpose, bytes, now)) return challenge;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || isZodError(error))) {
      throw error;
    }
  }
  throw new ProtocolError("challenge_refused");
}

const isZodError = (error: unknown): boolean => error instanceof z.core.$ZodError;

/**
 * We ask for no attestation and trust none. Statements that some authenticators send all the same are
 * dropped here, as a browser would: verifying one could make this Worker fetch a stranger's revocation list.
 */
function withoutStatement(attestationObject: string): string {
  const decoded = decodeAttestationObject(Uint8Array.from(fromBase64url(attestationObject)));
  const authData = decoded.get("authData");
  return toBase64url(encodeCbor({ fmt: "none", attStmt: {}, authData }));
}

async function verifyNone(
  passkey: Attestation,
  challenge: string,
  site: Site,
): Promise<VerifiedRegistrationResponse> {
  const { clientDataJSON, attestationObject } = passkey.response;
  return verifyRegistrationResponse({
    response: {
      id: passkey.id,
      rawId: passkey.rawId,
      type: passkey.type,
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject: withoutStatement(attestationObject) },
    },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** K10: the credential of a registration. Throws `challenge_refused` or `passkey_refused`. */
export async function verifyRegistration(
  db: Database,
  passkey: Attestation,
  site: Site,
  now: number,
): Promise<Credential> {
  const challenge = await takeChallenge(db, "register", passkey.response.clientDataJSON, now);
  // The library throws for every mismatch; none of its reasons is for the peer.
  const result = await verifyNone(passkey, challenge, site).catch(() => null);
  if (!result?.verified) throw new ProtocolError("passkey_refused");
  const { id, publicKey, counter } = result.registrationInfo.credential;
  return { id, publicKey, counter };
}

/** The new counter of a sign-in with this credential. Throws `challenge_refused` or `passkey_refused`. */
export async function verifyAssertion(
  db: Database,
  passkey: Assertion,
  credential: Credential,
  site: Site,
  now: number,
): Promise<number> {
  const challenge = await takeChallenge(db, "authenticate", passkey.response.clientDataJSON, now);
  const result = await verifyAuthenticationResponse({
    response: {
      id: passkey.id,
      rawId: passkey.rawId,
      type: passkey.type,
      clientExtensionResults: {},
      response: passkey.response,
    },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential: {
      id: credential.id,
      publicKey: Uint8Array.from(credential.publicKey),
      counter: credential.counter,
    },
    requireUserVerification: true,
  }).catch(() => null);
  if (!result?.verified) throw new ProtocolError("passkey_refused");
  return result.authenticationInfo.newCounter;
}
