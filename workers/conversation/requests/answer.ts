import { refusalOf } from "../../http/failure.ts";
import type { ErrorCode } from "../../protocol/errors.ts";

export type Refused = {
  readonly ok: false;
  readonly error: ErrorCode;
  readonly retryAfterMs?: number;
};

/** An answer over RPC, where errors lose what they are. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refused;

/** Runs work and turns whatever it throws into a refusal of the closed list. */
export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { code, retryAfterMs } = refusalOf(error, "Conversation");
    return { ok: false, error: code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}
