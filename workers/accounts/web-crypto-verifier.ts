import type { Ed25519Verifier } from "../protocol/signing.ts";

/**
 * workerd's Ed25519. It accepts keys of small order, so it is used only behind verifySigned, which admits
 * none of those (E7).
 */
export const webCryptoVerifier: Ed25519Verifier = {
  async verify(publicKey, message, signature) {
    const algorithm = { name: "Ed25519" };
    try {
      const key = await crypto.subtle.importKey("raw", publicKey, algorithm, false, ["verify"]);
      return await crypto.subtle.verify(algorithm, key, signature, message);
    } catch {
      return false;
    }
  },
};
