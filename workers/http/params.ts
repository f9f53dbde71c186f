import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";

/** Bytes of every `:name` in the paths of ENDPOINTS; a test sees that none is missing. */
export const PARAM_BYTES: Readonly<Record<string, number>> = {
  account: 32,
  conversation: 32,
  invite: 16,
  session: 16,
  key: 32,
};

/** An id that cannot exist is answered like one that does not. */
export function checkParams(params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    if (byteLength(value) !== PARAM_BYTES[name]) throw new ProtocolError("not_found", name);
  }
}

function byteLength(text: string): number {
  try {
    return fromBase64url(text).length;
  } catch {
    return -1;
  }
}
