import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { CoreError, type CoreErrorCode } from "../../../core/errors.ts";
import { FileError } from "../../../core/files/refused.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { DamagedRecord } from "./damaged.ts";
import type { ClientProblem, ProblemCode } from "../../view.ts";

/** A command cannot be done, for a reason of the client's own list. */
export class CommandProblem extends Error {
  override readonly name = "CommandProblem";
  constructor(readonly problem: ClientProblem) {
    super(problem);
  }
}

function problemOfCore(code: CoreErrorCode): ProblemCode {
  switch (code) {
    case "bad_recovery_code":
    case "bad_link":
    case "too_long":
      return code;
    case "unstorable":
      return "storage";
    case "unsupported_version":
      return "unsupported_version";
    case "not_allowed":
      return "bundle_refused";
    case "open_failed":
    case "seals_refused":
    case "user_key_needed":
    case "account_substituted":
    case "manifest_refused":
    case "manifest_lower":
    case "manifest_forked":
    case "manifest_needed":
    case "own_account_hidden":
    case "bundle_refused":
    case "bundle_forked":
    case "bundle_gap":
    case "invitation_mismatch":
    case "record_lower":
    case "unbounded":
      return "not_verified";
  }
}

/** What the page is told of a failure; the detail stays here (E5). */
export function problemOf(error: unknown): { problem: ProblemCode; retryAfterMs?: number } {
  if (error instanceof ProtocolError) {
    const { code, retryAfterMs } = error;
    return retryAfterMs === undefined ? { problem: code } : { problem: code, retryAfterMs };
  }
  if (error instanceof FileError) return { problem: error.problem };
  if (error instanceof CommandProblem) return { problem: error.problem };
  if (error instanceof CoreError) return { problem: problemOfCore(error.code) };
  if (error instanceof PlatformError) return { problem: error.failure };
  if (error instanceof DamagedRecord) return { problem: "unavailable" };
  if (error instanceof DOMException && error.name === "QuotaExceededError") {
    return { problem: "storage" };
  }
  reportUnexpected(error);
  return { problem: "internal" };
}

/** Refusals and lost connections are expected; anything else is a defect and is reported as one. */
export function reportUnexpected(error: unknown): void {
  const expected =
    error instanceof ProtocolError ||
    error instanceof CoreError ||
    error instanceof PlatformError ||
    error instanceof FileError ||
    error instanceof DamagedRecord ||
    error instanceof CommandProblem;
  if (!expected) reportError(error);
}
