import type { Ed25519 } from "../../../core/crypto/ed25519.ts";
import type { platformSubtle } from "../../../platform/subtle.ts";
import { lazily } from "../../../platform/lazily.ts";
import { publicKeyPart } from "./public-key.ts";

/** E7: Ed25519 that is fetched, and chosen, with the first signature. Throws PlatformError `offline` until then. */
export function ed25519Later(subtle: typeof platformSubtle): Ed25519 {
  const chosen = lazily(async () => (await publicKeyPart()).chooseEd25519(subtle));
  return {
    verifier: { verify: async (...args) => (await chosen()).verifier.verify(...args) },
    signer: async (seed) => (await chosen()).signer(seed),
  };
}
