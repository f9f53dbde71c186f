import type { Purpose } from "../../../../workers/protocol/labels.ts";
import type { Ed25519 } from "../../../core/crypto/ed25519.ts";
import type { Clock } from "../../../platform/clock.ts";
import { CommandProblem } from "../store/problem-of.ts";

/** A farewell's time is cut to that of the manifest that takes it up (K3): whoever wants to sign out can. */
const UNDATED: readonly Purpose[] = ["sign-device-session", "sign-claim", "sign-farewell"];

/**
 * T1: an Ed25519 that signs nothing that has a time in it while this device's clock is further ahead than is corrected.
 * Its signer throws CommandProblem `clock_ahead` then. A session has none, so that reading goes on.
 */
export const signingByClock = (ed25519: Ed25519, clock: Pick<Clock, "state">): Ed25519 => ({
  verifier: ed25519.verifier,
  async signer(seed) {
    const signer = await ed25519.signer(seed);
    return {
      publicKey: signer.publicKey,
      async sign(purpose, bytes) {
        const isDated = !UNDATED.includes(purpose);
        if (isDated && clock.state().isBeyond) throw new CommandProblem("clock_ahead");
        return signer.sign(purpose, bytes);
      },
    };
  },
});
