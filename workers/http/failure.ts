import { ConfigurationError } from "../env.ts";
import { type Neighbour, Outages } from "./outages.ts";
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

const MESSAGES: readonly (readonly [Neighbour, RegExp])[] = [
  ["D1", /^D1_(EXEC_)?ERROR/],
  ["R2", /^R2/],
  ["object", /Network connection lost|storage caused object to be reset/],
];

/** Which store or object was out of reach; null: a defect of ours. */
function outageOf(error: unknown): Neighbour | null {
  if (!(error instanceof Error) || error instanceof ConfigurationError) return null;
  // Set by the runtime on failures of Durable Objects.
  if (hasFlag(error, "retryable") || hasFlag(error, "overloaded")) return "object";
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = sqliteCode(at.message);
    const isOurs = code && ["SQLITE_CONSTRAINT", "SQLITE_ERROR", "SQLITE_MISMATCH"].includes(code);
    if (isOurs) return null;
    if (code) return "D1";
    const { message } = at;
    const [neighbour] = MESSAGES.find(([, pattern]) => pattern.test(message)) ?? [];
    if (neighbour) return neighbour;
  }
  return null;
}

const outages = new Outages((line) => {
  const level = line.outage === "begins" ? "error" : "info";
  // oxlint-disable-next-line no-console -- names of ours alone: no message, no address, no id
  console.error(JSON.stringify({ level, ...line }));
});

/** A request was served for which these had to answer: outages of theirs have ended. */
export function noteAnswered(neighbours: readonly Neighbour[], now: number): void {
  for (const neighbour of neighbours) outages.answered(neighbour, now);
}

/** What a peer learns of a failure: a code of the closed list. Defects are logged one by one, outages as such. */
export function refusalOf(error: unknown, where: string): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const neighbour = outageOf(error);
  if (neighbour) outages.failed(neighbour, where, Date.now());
  else logFailure(error, where);
  return new ProtocolError(neighbour ? "unavailable" : "internal");
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
