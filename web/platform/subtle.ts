import type { SubtleEd25519 } from "../core/crypto/ed25519.ts";

const subtle = globalThis.crypto?.subtle;

/** WebCrypto as the core takes it; null where the page is no secure context. */
export const platformSubtle: SubtleEd25519<CryptoKey> | null = subtle
  ? {
      importKey: (format, data, algorithm, extractable, usages) =>
        subtle.importKey(format, new Uint8Array(data), algorithm, extractable, usages),
      sign: (algorithm, key, data) => subtle.sign(algorithm, key, new Uint8Array(data)),
      verify: (algorithm, key, signature, data) =>
        subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(data)),
    }
  : null;
