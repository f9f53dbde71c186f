import { toBase64url } from "../protocol/bytes.ts";
import { PARAMS } from "./params.ts";

/** Something that can stand for `:name`, made of such bytes if it is an id. */
export function possibleParam(
  name: string,
  bytes: (length: number) => Uint8Array = (length) => new Uint8Array(length),
): string {
  const form = PARAMS[name] ?? 32;
  return form === "ordinal" ? "1" : toBase64url(bytes(form));
}

/** One for every name. */
export const POSSIBLE_PARAMS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(PARAMS).map((name) => [name, possibleParam(name)]),
);
