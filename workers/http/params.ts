import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";

/** Every `:name` in the paths of ENDPOINTS: the bytes of an id, or 1, 2, 3 ...; a test sees that none is missing. */
export const PARAMS: Readonly<Record<string, number | "ordinal">> = {
  account: 32,
  conversation: 32,
  invite: 16,
  session: 16,
  key: 32,
  blob: 16,
  part: "ordinal",
};

/** What cannot exist is answered like what does not. */
export function checkParams(params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    if (!isPossible(PARAMS[name], value)) throw new ProtocolError("not_found", name);
  }
}

const isPossible = (form: number | "ordinal" | undefined, value: string): boolean =>
  form === "ordinal" ? /^[1-9]\d{0,4}$/.test(value) : byteLength(value) === form;

function byteLength(text: string): number {
  try {
    return fromBase64url(text).length;
  } catch {
    return -1;
  }
}
