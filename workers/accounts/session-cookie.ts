import { isPlainLocal } from "../http/origin.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";

/** Browsers hold `__Host-` cookies to Secure, Path=/ and this very host (RFC 6265bis section 4.1.3.2). */
const cookieName = (request: Request): string => (isPlainLocal(request) ? "thyme" : "__Host-thyme");

/** The token in the cookie, or null if there is none that could be a token. */
export function readSessionToken(request: Request): Uint8Array | null {
  const name = cookieName(request);
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=");
    if (key !== name || value === undefined) continue;
    try {
      const token = fromBase64url(value);
      if (token.length === 32) return token;
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

export const setSessionCookie = (request: Request, headers: Headers, token: Uint8Array): void =>
  write(request, headers, toBase64url(token), LIMITS.sessionMs / 1000);

export const clearSessionCookie = (request: Request, headers: Headers): void =>
  write(request, headers, "", 0);
