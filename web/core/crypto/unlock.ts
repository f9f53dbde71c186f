import { label } from "../../../workers/protocol/labels.ts";
import { CoreError } from "../errors.ts";
import { type KemKey, kemKey } from "./kem.ts";
import { type Random, hkdf, hmacSha512, sha256 } from "./primitives.ts";
import { openSeal, seal } from "./seal.ts";

/** K7: the one PRF input, constant in the code. Passed as `prf.eval.first`. */
export const PRF_SALT: Uint8Array = sha256(label("prf-salt"));

/** K4: what grows from the secret of an unlock method, which is a PRF output or a recovery code. */
export interface UnlockKey {
  /** opens the account's seal for this method */
  readonly kem: KemKey;
  /** proves to its holder that an account is theirs */
  readonly proofKey: Uint8Array;
}

/** K4: the unlock key of a secret; `purpose` keeps passkey and code apart. */
export const unlockKey = (
  secret: Uint8Array,
  purpose: "unlock-prf" | "unlock-code",
): UnlockKey => ({
  kem: kemKey(hkdf(secret, label(purpose), 32)),
  proofKey: hkdf(secret, label("unlock-proof"), 32),
});

/** K4: the unlock key derived from the output of the passkey's PRF. */
export function prfUnlockKey(output: Uint8Array): UnlockKey {
  if (output.length < 32) throw new CoreError("open_failed", "short PRF output");
  return unlockKey(output, "unlock-prf");
}

/** What is public of an unlock method, beside its id and kind (K4, K5). */
export interface UnlockEntry {
  /** named by the seals */
  readonly kemPub: Uint8Array;
  /** named by the manifest */
  readonly proof: Uint8Array;
}

/** K4: the entry that only a holder of this method's secret can make, and for this account alone. */
export const unlockEntry = (key: UnlockKey, account: Uint8Array): UnlockEntry => ({
  kemPub: key.kem.publicKey,
  proof: hmacSha512(key.proofKey, account),
});

/** K7: how far the enrolment of a passkey as an unlock method is. Plain data, no secret in it. */
export type Enrolment =
  /** an output was seen; a fresh `get` has to open the test seal */
  | { readonly state: "again"; readonly unlock: UnlockEntry; readonly testSeal: Uint8Array }
  /** nothing seen yet: one `get` more */
  | { readonly state: "waiting" }
  /** the passkey unlocks: `unlock` may go into the manifest */
  | { readonly state: "enrolled"; readonly unlock: UnlockEntry }
  /** this passkey signs in but cannot unlock: the recovery code is the way */
  | { readonly state: "no-prf" };

const TEST = new Uint8Array(32);

function opensTest(enrolment: Extract<Enrolment, { state: "again" }>, { kem }: UnlockKey): boolean {
  try {
    openSeal(kem, "seal/test", [], enrolment.testSeal);
    return true;
  } catch {
    return false;
  }
}

/** K7: after `create`, which may or may not give an output already. */
export function beginEnrolment(
  random: Random,
  account: Uint8Array,
  output: Uint8Array | null,
): Enrolment {
  if (!output) return { state: "waiting" };
  const unlock = unlockEntry(prfUnlockKey(output), account);
  return { state: "again", unlock, testSeal: seal(random, unlock.kemPub, "seal/test", [], TEST) };
}

/**
 * K7: after each `get`. Enrolled only when a fresh output opens the test seal of an earlier one; an output
 * that changes between two gestures (hybrid transport) is no unlock method.
 */
export function enrolmentStep(
  random: Random,
  account: Uint8Array,
  enrolment: Enrolment,
  output: Uint8Array | null,
): Enrolment {
  switch (enrolment.state) {
    case "enrolled":
    case "no-prf":
      return enrolment;
    case "waiting":
      return output ? beginEnrolment(random, account, output) : { state: "no-prf" };
    case "again": {
      if (!output) return { state: "no-prf" };
      const key = prfUnlockKey(output);
      return opensTest(enrolment, key)
        ? { state: "enrolled", unlock: enrolment.unlock }
        : { state: "no-prf" };
    }
  }
}
