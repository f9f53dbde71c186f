import * as z from "zod/mini";

/** What a client does about a refusal. */
export type Remedy =
  /** the same request again, after `retryAfterMs` or a backoff */
  | "retry"
  /** learn the bundles that come with the refusal, seal the same payload again (M7) */
  | "reseal"
  /** fetch the newer version, rebuild the change on it */
  | "rebuild"
  | "sign-in"
  | "update-app"
  /** definitive: the same request can never succeed; tell the person, keep what they wrote */
  | "give-up";

interface ErrorRule {
  readonly status: 400 | 401 | 404 | 409 | 410 | 413 | 416 | 429 | 500 | 503;
  readonly remedy: Remedy;
}

/** The closed list of refusals, over HTTP and in frames. */
export const ERRORS = {
  bad_request: { status: 400, remedy: "give-up" },
  too_large: { status: 413, remedy: "give-up" },
  unsupported_version: { status: 400, remedy: "update-app" },
  origin_refused: { status: 400, remedy: "give-up" },
  unauthenticated: { status: 401, remedy: "sign-in" },
  device_required: { status: 401, remedy: "sign-in" },
  /** also said of what exists but is none of the caller's business */
  not_found: { status: 404, remedy: "give-up" },
  rate_limited: { status: 429, remedy: "retry" },
  /** the account's private records fill their budget; what is smaller than before is still taken (K9) */
  storage_full: { status: 413, remedy: "give-up" },
  /** a budget of bytes for one day is spent; it is whole again after `retryAfterMs` */
  daily_limit: { status: 429, remedy: "give-up" },
  /** as many invitations are open as an account may have */
  invitation_limit: { status: 409, remedy: "give-up" },
  challenge_refused: { status: 400, remedy: "retry" },
  passkey_refused: { status: 400, remedy: "give-up" },
  passkey_unknown: { status: 404, remedy: "give-up" },
  recovery_refused: { status: 400, remedy: "give-up" },
  manifest_refused: { status: 400, remedy: "give-up" },
  stale_version: { status: 409, remedy: "rebuild" },
  already_exists: { status: 409, remedy: "give-up" },
  setup_done: { status: 410, remedy: "give-up" },
  setup_refused: { status: 400, remedy: "give-up" },
  invitation_used: { status: 410, remedy: "give-up" },
  invitation_withdrawn: { status: 410, remedy: "give-up" },
  invitation_expired: { status: 410, remedy: "give-up" },
  claim_refused: { status: 400, remedy: "give-up" },
  /** the header names an epoch or head that is not the current one (M7, C3) */
  stale_epoch: { status: 409, remedy: "reseal" },
  bundle_refused: { status: 400, remedy: "give-up" },
  /** deviceSeq is beyond last + 1: an earlier message has not arrived (M6) */
  out_of_order: { status: 409, remedy: "retry" },
  /** deviceSeq was taken by another messageId: a cloned or restored profile (M6) */
  sequence_conflict: { status: 409, remedy: "give-up" },
  /** the cursor lies beyond the log: what was there before is gone (M6) */
  rolled_back: { status: 409, remedy: "give-up" },
  /** an envelope names a file that is not there, or an upload has ended: its copy goes up again under a new key */
  blob_gone: { status: 410, remedy: "give-up" },
  /** parts that the client has sent are not there: beginning again says which */
  upload_incomplete: { status: 409, remedy: "rebuild" },
  /** length or number of a part is not what follows from the bytes declared, or the upload is not the caller's */
  upload_mismatch: { status: 409, remedy: "give-up" },
  /** larger than a file may be here */
  file_too_large: { status: 413, remedy: "give-up" },
  /** the files of the conversation, or of all conversations of its owner, fill their budget */
  quota_exceeded: { status: 413, remedy: "give-up" },
  /** none of the bytes asked for exists (RFC 9110 section 15.5.17) */
  range_refused: { status: 416, remedy: "give-up" },
  /** a store is out of reach; nothing was changed */
  unavailable: { status: 503, remedy: "retry" },
  internal: { status: 500, remedy: "retry" },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERRORS;

const CODES: readonly ErrorCode[] = Object.keys(ERRORS).filter(
  (code): code is ErrorCode => code in ERRORS,
);

export const errorCode = z.enum(CODES);

/** Body of every refused HTTP request. */
export const errorBody = z.object({
  error: errorCode,
  retryAfterMs: z.optional(z.int().check(z.nonnegative())),
});

export type ErrorBody = z.infer<typeof errorBody>;

/** A refusal with a code of the closed list. Its message is for logs and never reaches a peer. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  // Node reads this file as it is, and knows no parameter properties.
  constructor(code: ErrorCode, detail?: string, retryAfterMs?: number) {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
