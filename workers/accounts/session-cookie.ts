import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { settingsOf } from "../env.ts";
import { isPlainLocal } from "../http/origin.ts";
import type { Claimed } from "../http/route.ts";
import { concatBytes, equalBytes, fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { type AccountId, accountIdText, idBytes } from "../protocol/ids.ts";
import { label } from "../protocol/labels.ts";
import { LIMITS } from "../protocol/limits.ts";

const TOKEN = 32;
const ACCOUNT = 32;
const TAG = 16;

/** Browsers hold `__Host-` cookies to Secure, Path=/ and this very host (RFC 6265bis section 4.1.3.2). */
const cookieName = (request: Request): string => (isPlainLocal(request) ? "thyme" : "__Host-thyme");

/**
 * HMAC-SHA-256, cut to 16 bytes. It lets nobody in: it tells cookies that were ours once from forged ones without a
 * look at D1, and for whom they were, so that one account is one bucket before it is looked up.
 */
function tagOf(env: Cloudflare.Env, named: Uint8Array): Uint8Array {
  const key = utf8ToBytes(settingsOf(env).sessionKey);
  return hmac(sha256, key, concatBytes(label("session-tag"), named)).subarray(0, TAG);
}

function parse(env: Cloudflare.Env, value: string): Claimed | null {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64url(value);
  } catch {
    return null;
  }
  if (bytes.length !== TOKEN + ACCOUNT + TAG) return null;
  const named = bytes.subarray(0, TOKEN + ACCOUNT);
  if (!equalBytes(bytes.subarray(TOKEN + ACCOUNT), tagOf(env, named))) return null;
  return { token: named.subarray(0, TOKEN), account: accountIdText(named.subarray(TOKEN)) };
}

/** What the cookie claims, or null if there is none that we have made. Nothing is looked up. */
export function claimedBy(env: Cloudflare.Env, request: Request): Claimed | null {
  const name = cookieName(request);
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=");
    const claimed = key === name && value !== undefined ? parse(env, value) : null;
    if (claimed) return claimed;
  }
  return null;
}

/** The cookie's value for a session of this account. */
export function cookieValue(env: Cloudflare.Env, { token, account }: Claimed): string {
  const named = concatBytes(token, idBytes(account));
  return toBase64url(concatBytes(named, tagOf(env, named)));
}

function write(request: Request, headers: Headers, value: string, maxAgeSeconds: number): void {
  const secure = isPlainLocal(request) ? "" : "; Secure";
  headers.set(
    "set-cookie",
    `${cookieName(request)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`,
  );
}

interface Answering {
  readonly env: Cloudflare.Env;
  readonly request: Request;
  readonly headers: Headers;
}

export const setSessionCookie = (
  { env, request, headers }: Answering,
  account: AccountId,
  token: Uint8Array,
): void => write(request, headers, cookieValue(env, { token, account }), LIMITS.sessionMs / 1000);

export const clearSessionCookie = ({ request, headers }: Omit<Answering, "env">): void =>
  write(request, headers, "", 0);
