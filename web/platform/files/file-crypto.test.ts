import { expect, test } from "vitest";
import { countingCrypto } from "../../core/crypto/file-crypto.test-kit.ts";
import { fileCrypto } from "./file-crypto.ts";

const key = new Uint8Array(32).fill(7);
const nonce = new Uint8Array(12).fill(3);
/** A view into more, as chunks are. */
const plain = new Uint8Array(5_000).fill(9).subarray(1_000, 3_000);

test("F1 the platform seals, opens and hashes as another implementation does", async () => {
  const [ours, other] = await Promise.all([fileCrypto.cipher(key), countingCrypto().cipher(key)]);
  const sealed = await ours.seal(nonce, plain);
  expect(sealed).toEqual(await other.seal(nonce, plain));
  expect(await ours.open(nonce, sealed)).toEqual(plain);
  expect(await fileCrypto.sha256(plain)).toEqual(await countingCrypto().sha256(plain));
});

test("F1 the platform opens nothing under another nonce, nor what was altered", async () => {
  const cipher = await fileCrypto.cipher(key);
  const sealed = await cipher.seal(nonce, plain);
  await expect(cipher.open(new Uint8Array(12), sealed)).rejects.toThrow();
  sealed[0] = (sealed[0] ?? 0) ^ 1;
  await expect(cipher.open(nonce, sealed)).rejects.toThrow();
});
