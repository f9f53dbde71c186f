import { ConfigurationError } from "../env.ts";
import { ERRORS, type ErrorBody, ProtocolError } from "../protocol/errors.ts";

/** Name and code locations only: messages may quote queries and their parameters. */
function logFailure(error: unknown, where: string): void {
  const isError = error instanceof Error;
  const frames = isError ? (error.stack ?? "").split("\n").filter((l) => /^\s+at /.test(l)) : [];
  const cause = isError && error.cause instanceof Error ? sqliteCode(error.cause.message) : null;
  const entry = {
    level: "error",
    where,
    name: isError ? error.name : typeof error,
    cause,
    // A configuration error's message names settings, never values.
    detail: error instanceof ConfigurationError ? error.message : undefined,
    frames: frames.slice(0, 8).map((line) => line.trim()),
  };
  // oxlint-disable-next-line no-console -- the one place that logs
  console.error(JSON.stringify(entry));
}

const sqliteCode = (message: string): string | null => /SQLITE_[A-Z_]+/.exec(message)?.[0] ?? null;

const hasFlag = (error: object, flag: string): boolean =>
  new Map<string, unknown>(Object.entries(error)).get(flag) === true;

/** Whether a store or an object was out of reach, as opposed to a defect of ours. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ConfigurationError) return false;
  // Set by the runtime on failures of Durable Objects.
  if (hasFlag(error, "retryable") || hasFlag(error, "overloaded")) return true;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = sqliteCode(at.message);
    if (code) return !["SQLITE_CONSTRAINT", "SQLITE_ERROR", "SQLITE_MISMATCH"].includes(code);
    if (
      /^D1_(EXEC_)?ERROR|^R2|Network connection lost|storage caused object to be reset/.test(
        at.message,
      )
    ) {
      return true;
    }
  }
  return false;
}

/** What a peer learns of a failure: a code of the closed list. Everything unexpected is logged. */
export function refusalOf(error: unknown, where: string): ProtocolError {
  if (error instanceof ProtocolError) return error;
  logFailure(error, where);
  return new ProtocolError(isOutage(error) ? "unavailable" : "internal");
}

/** The typed answer to a refused request; never a stack, never the message. */
export function refusalResponse(refusal: ProtocolError): Response {
  const { code, retryAfterMs } = refusal;
  const body: ErrorBody = { error: code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const headers = new Headers();
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  return Response.json(body, { status: ERRORS[code].status, headers });
}
