import { isOtherVersion } from "../objects/other-version.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { type InboxUp, decodeInboxUp } from "../protocol/frames.ts";
import { LIMITS } from "../protocol/limits.ts";

/** A frame, or why its socket is closed. */
export type Read =
  | { readonly frame: InboxUp }
  | { readonly frame: null; readonly error: ErrorCode; readonly code: number };

const unreadable = (error: ErrorCode, code: number): Read => ({ frame: null, error, code });

/** What a socket has said; its size is looked at before it is decoded. */
export function readFrame(message: ArrayBuffer | string): Read {
  if (typeof message === "string") return unreadable("bad_request", CLOSE.badFrame);
  if (message.byteLength > LIMITS.frame) return unreadable("too_large", CLOSE.tooLarge);
  const bytes = new Uint8Array(message);
  try {
    return { frame: decodeInboxUp(bytes) };
  } catch {
    if (isOtherVersion(bytes)) return unreadable("unsupported_version", CLOSE.version);
    return unreadable("bad_request", CLOSE.badFrame);
  }
}
