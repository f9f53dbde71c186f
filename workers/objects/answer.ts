import { type ErrorCode, ProtocolError } from "../protocol/errors.ts";

export type Refused = {
  readonly ok: false;
  readonly error: ErrorCode;
  readonly retryAfterMs?: number;
};

/** An answer of an object over RPC, where errors lose what they are. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refused;

/** An answer that came over RPC. Throws the refusal it holds. */
export function unwrap<T>(answer: { readonly ok: true; readonly value: T } | Refused): T {
  if (answer.ok) return answer.value;
  throw new ProtocolError(answer.error, "object", answer.retryAfterMs);
}
