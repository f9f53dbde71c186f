import type { Settings } from "../env.ts";
import { ProtocolError } from "../protocol/errors.ts";

/** The origin that pages of this deployment have. */
export const ownOrigin = (request: Request, settings: Settings): string =>
  settings.origin ?? new URL(request.url).origin;

/** The relying party of passkeys. */
export const relyingParty = (request: Request, settings: Settings): string =>
  settings.rpId ?? new URL(ownOrigin(request, settings)).hostname;

/**
 * Every request that changes something, and every socket, must come from our own pages: browsers always
 * send Origin with those, so a missing one is refused too.
 */
export function requireOwnOrigin(request: Request, settings: Settings): void {
  if (request.headers.get("origin") !== ownOrigin(request, settings)) {
    throw new ProtocolError("origin_refused");
  }
}

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Plain http is served on the developer's own machine only; Safari refuses Secure cookies there. */
export function isPlainLocal(request: Request): boolean {
  const url = new URL(request.url);
  return url.protocol === "http:" && LOCAL.has(url.hostname);
}
