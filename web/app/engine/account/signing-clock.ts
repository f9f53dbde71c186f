import type { Ed25519 } from "../../../core/crypto/ed25519.ts";
import type { Clock } from "../../../platform/clock.ts";
import { CommandProblem } from "../store/problem-of.ts";

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
        const isTimeless = purpose === "sign-device-session" || purpose === "sign-claim";
        if (!isTimeless && clock.state().isBeyond) throw new CommandProblem("clock_ahead");
        return signer.sign(purpose, bytes);
      },
    };
  },
});
