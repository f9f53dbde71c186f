import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  WebAuthnError,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import type { Attestation } from "../../../workers/protocol/http/accounts.ts";
import type { Assertion } from "../../../workers/protocol/http/sessions.ts";
import { PlatformError } from "../problem.ts";

export interface PasskeyOptions {
  readonly challenge: string;
  readonly rpId: string;
  /** constant PRF salt (K7) */
  readonly salt: Uint8Array;
}

export interface CreationOptions extends PasskeyOptions {
  readonly userId: string;
  /** shown by the platform's own dialog; filled in locally, not posted (K10) */
  readonly userName: string;
}

/** PRF output (WebAuthn Level 3, section 10.1.4) if the authenticator gave one. It never leaves the client. */
export interface WithPrf<T> {
  readonly credential: T;
  readonly prf: Uint8Array | null;
}

function failureOf(error: unknown): PlatformError {
  if (error instanceof WebAuthnError && error.code === "ERROR_CEREMONY_ABORTED") {
    return new PlatformError("passkey_cancelled", error);
  }
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") {
    return new PlatformError("passkey_cancelled", error);
  }
  return new PlatformError("passkey_unsupported", error);
}

function prfOf(results: object): Uint8Array | null {
  const prf: unknown = "prf" in results ? results.prf : null;
  if (typeof prf !== "object" || prf === null || !("results" in prf)) return null;
  const values: unknown = prf.results;
  if (typeof values !== "object" || values === null || !("first" in values)) return null;
  const first: unknown = values.first;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, 32) : null;
}

const prfInput = (salt: Uint8Array) => ({ prf: { eval: { first: new Uint8Array(salt) } } });

/** K7: only these fields are posted; toJSON() would carry PRF results. */
function attestationOf(response: RegistrationResponseJSON): Attestation {
  const { clientDataJSON, attestationObject, transports } = response.response;
  return {
    id: response.id,
    rawId: response.rawId,
    type: "public-key",
    response: { clientDataJSON, attestationObject, ...(transports ? { transports } : {}) },
  };
}

function assertionOf(response: AuthenticationResponseJSON): Assertion {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response.response;
  return {
    id: response.id,
    rawId: response.rawId,
    type: "public-key",
    response: { clientDataJSON, authenticatorData, signature, userHandle: userHandle ?? "" },
  };
}

/** Makes a discoverable passkey with user verification. Throws PlatformError. */
export async function createPasskey(options: CreationOptions): Promise<WithPrf<Attestation>> {
  try {
    const response = await startRegistration({
      optionsJSON: {
        challenge: options.challenge,
        rp: { id: options.rpId, name: "Thyme" },
        user: { id: options.userId, name: options.userName, displayName: options.userName },
        pubKeyCredParams: [
          { type: "public-key", alg: -8 },
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -257 },
        ],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        timeout: 120_000,
        extensions: prfInput(options.salt),
      },
    });
    return {
      credential: attestationOf(response),
      prf: prfOf(response.clientExtensionResults),
    };
  } catch (error) {
    throw failureOf(error);
  }
}

/** Asks for any passkey of this site, or one of `allow`. Throws PlatformError. */
export async function getPasskey(
  options: PasskeyOptions & { readonly allow?: string },
): Promise<WithPrf<Assertion>> {
  try {
    const response = await startAuthentication({
      optionsJSON: {
        challenge: options.challenge,
        rpId: options.rpId,
        userVerification: "required",
        timeout: 120_000,
        ...(options.allow ? { allowCredentials: [{ id: options.allow, type: "public-key" }] } : {}),
        extensions: prfInput(options.salt),
      },
    });
    return { credential: assertionOf(response), prf: prfOf(response.clientExtensionResults) };
  } catch (error) {
    throw failureOf(error);
  }
}

/** Tells the platform that the server does not know this passkey any more (K10). */
export async function forgetUnknownPasskey(rpId: string, credentialId: string): Promise<void> {
  const type: unknown = PublicKeyCredential;
  if (typeof type !== "function" || !("signalUnknownCredential" in type)) return;
  const signal: unknown = type.signalUnknownCredential;
  if (typeof signal === "function") await signal.call(type, { rpId, credentialId });
}
