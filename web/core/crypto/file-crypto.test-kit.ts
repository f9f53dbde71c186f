import { gcm } from "@noble/ciphers/aes.js";
import type { FileCrypto } from "../files/cipher.ts";
import { sha256 } from "./primitives.ts";

/** Another implementation than the browser's; counts what was sealed under which nonce of which key. */
export function countingCrypto(): FileCrypto & { readonly used: string[] } {
  const used: string[] = [];
  return {
    used,
    cipher: (key) =>
      Promise.resolve({
        async seal(nonce, plain) {
          used.push(`${key.join()}/${nonce.join()}`);
          return gcm(key, nonce).encrypt(plain);
        },
        open: async (nonce, sealed) => gcm(key, nonce).decrypt(sealed),
      }),
    sha256: (bytes) => Promise.resolve(sha256(bytes)),
  };
}
