import type { CheckedBundle } from "../../../workers/protocol/bundle-rules.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import type { BuiltBundle } from "./build.ts";

/**
 * A2: what becomes of a bundle that was stored and sent, once the bundle at its n is known:
 * `resend` the exact bytes, keep it as `accepted`, or `rebuild` on the winner.
 */
export function settleBundle(
  built: BuiltBundle,
  atItsN: CheckedBundle | undefined,
): "resend" | "accepted" | "rebuild" {
  if (!atItsN) return "resend";
  return equalBytes(atItsN.hash, built.checked.hash) ? "accepted" : "rebuild";
}
