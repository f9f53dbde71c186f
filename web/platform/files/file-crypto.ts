import type { FileCrypto } from "../../core/files/cipher.ts";

/** F1: AES-256-GCM and SHA-256 by WebCrypto, off this thread. */
export const fileCrypto: FileCrypto = {
  async cipher(raw) {
    const key = await crypto.subtle.importKey("raw", new Uint8Array(raw), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
    const under = (nonce: Uint8Array) => ({ name: "AES-GCM", iv: new Uint8Array(nonce) });
    // A view would be copied for its type alone.
    const buffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
      bytes.buffer instanceof ArrayBuffer
        ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
        : new Uint8Array(bytes);
    return {
      seal: async (nonce, plain) =>
        new Uint8Array(await crypto.subtle.encrypt(under(nonce), key, buffer(plain))),
      open: async (nonce, sealed) =>
        new Uint8Array(await crypto.subtle.decrypt(under(nonce), key, buffer(sealed))),
    };
  },
  sha256: async (bytes) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))),
};
