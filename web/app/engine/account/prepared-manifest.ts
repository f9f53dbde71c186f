import * as z from "zod/mini";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { cappedBytes } from "../../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import {
  type SignedManifest,
  decodeManifestCore,
  signedManifest,
} from "../../../../workers/protocol/manifest.ts";

/** A1: the very manifest and seals that this device was made with, from before they are put until it is pinned. */
export const preparedRecord = z.object({
  signed: signedManifest,
  seals: cappedBytes(LIMITS.seals),
});
export type PreparedRecord = z.infer<typeof preparedRecord>;

export const PREPARED_KEY = "prepared";

/** A1: whether a chain, as the server shows it from version 1, has this very manifest in its place. */
export function holds(
  chain: readonly SignedManifest[],
  { signed }: Pick<PreparedRecord, "signed">,
): boolean {
  const there = chain[decodeManifestCore(signed.core).version - 1];
  return there !== undefined && equalBytes(there.core, signed.core);
}
