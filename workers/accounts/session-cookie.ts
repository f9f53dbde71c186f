import { isPlainLocal } from "../http/origin.ts";
import { concatBytes, fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { type AccountId, accountIdText, idBytes } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";

/** Browsers hold `__Host-` cookies to Secure, Path=/ and this very host (RFC 6265bis section 4.1.3.2). */
const cookieName = (request: Request): string => (isPlainLocal(request) ? "thyme" : "__Host-thyme");

const TOKEN_BYTES = 32;
const ID_BYTES = 32;

/** The token, which is the secret, and whose it is: without D1 only that account's Inbox can be asked. */
export interface SessionCookie {
  readonly token: Uint8Array;
  /** null in cookies that were made before it stood there */
  readonly account: AccountId | null;
}

const cookieIn = (bytes: Uint8Array): SessionCookie => ({
  token: bytes.subarray(0, TOKEN_BYTES),
  account: bytes.length > TOKEN_BYTES ? accountIdText(bytes.subarray(TOKEN_BYTES)) : null,
});

/** What is in the cookie, or null if there is nothing that could be a token. */
export function readSessionCookie(request: Request): SessionCookie | null {
  const name = cookieName(request);
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=");
    if (key !== name || value === undefined) continue;
    try {
      const bytes = fromBase64url(value);
      if ([TOKEN_BYTES, TOKEN_BYTES + ID_BYTES].includes(bytes.length)) return cookieIn(bytes);
    } catch {
      // Not one of ours.
    }
  }
  return null;
}

function write(request: Request, headers: Headers, value: string, maxAgeSeconds: number): void {
  const secure = isPlainLocal(request) ? "" : "; Secure";
  headers.set(
    "set-cookie",
    `${cookieName(request)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`,
  );
}

export const cookieText = (token: Uint8Array, account: AccountId): string =>
  toBase64url(concatBytes(token, idBytes(account)));

export const setSessionCookie = (
  request: Request,
  headers: Headers,
  token: Uint8Array,
  account: AccountId,
): void => write(request, headers, cookieText(token, account), LIMITS.sessionMs / 1000);

export const clearSessionCookie = (request: Request, headers: Headers): void =>
  write(request, headers, "", 0);
