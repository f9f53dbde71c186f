import { label } from "../../../workers/protocol/labels.ts";
import { CoreError } from "../errors.ts";
import { type KemKey, kemKey } from "./kem.ts";
import { type Random, hkdf, sha256 } from "./primitives.ts";
import { openSeal, seal } from "./seal.ts";

/** K7: the one PRF input, constant in the code. Passed as `prf.eval.first`. */
export const PRF_SALT: Uint8Array = sha256(label("prf-salt"));

/** K4: the unlock key derived from the output of the passkey's PRF. */
export function prfUnlockKey(output: Uint8Array): KemKey {
  if (output.length < 32) throw new CoreError("open_failed", "short PRF output");
  return kemKey(hkdf(output, label("unlock-prf"), 32));
}

/** K7: how far the enrolment of a passkey as an unlock method is. Plain data, no secret in it. */
export type Enrolment =
  /** an output was seen; a fresh `get` has to open the test seal */
  | { readonly state: "again"; readonly publicKey: Uint8Array; readonly testSeal: Uint8Array }
  /** nothing seen yet: one `get` more */
  | { readonly state: "waiting" }
  /** the passkey unlocks: `publicKey` may go into the manifest */
  | { readonly state: "enrolled"; readonly publicKey: Uint8Array }
  /** this passkey signs in but cannot unlock: the recovery code is the way */
  | { readonly state: "no-prf" };

const TEST = new Uint8Array(32);

function opensTest(enrolment: Extract<Enrolment, { state: "again" }>, key: KemKey): boolean {
  try {
    openSeal(key, "seal/test", [], enrolment.testSeal);
    return true;
  } catch {
    return false;
  }
}

/** K7: after `create`, which may or may not give an output already. */
export function beginEnrolment(random: Random, output: Uint8Array | null): Enrolment {
  if (!output) return { state: "waiting" };
  const { publicKey } = prfUnlockKey(output);
  return { state: "again", publicKey, testSeal: seal(random, publicKey, "seal/test", [], TEST) };
}

/**
 * K7: after each `get`. Enrolled only when a fresh output opens the test seal of an earlier one; an output
 * that changes between two gestures (hybrid transport) is no unlock method.
 */
export function enrolmentStep(
  random: Random,
  enrolment: Enrolment,
  output: Uint8Array | null,
): Enrolment {
  switch (enrolment.state) {
    case "enrolled":
    case "no-prf":
      return enrolment;
    case "waiting":
      return output ? beginEnrolment(random, output) : { state: "no-prf" };
    case "again": {
      if (!output) return { state: "no-prf" };
      const key = prfUnlockKey(output);
      return opensTest(enrolment, key)
        ? { state: "enrolled", publicKey: enrolment.publicKey }
        : { state: "no-prf" };
    }
  }
}
