import { randomBytes } from "@noble/hashes/utils.js";
import type { TestAuthor, TestBundle } from "../protocol/bundle.test-kit.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { type ReceiptHeader, receiptHash } from "../protocol/receipt.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

export interface TestReceipt {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** A read receipt under this bundle; ciphertext and signature are noise: the server looks into neither. */
export function makeReceipt(
  author: TestAuthor,
  bundle: TestBundle,
  counter: number,
  change: Partial<ReceiptHeader> = {},
): TestReceipt {
  const header = encodeCbor({
    v: PROTOCOL_VERSION,
    conversation: bundle.core.conversation,
    n: bundle.core.n,
    head: bundle.hash,
    account: author.account.id,
    device: author.device.id,
    manifestVersion: author.account.core.version,
    counter,
    salt: randomBytes(32),
    ...change,
  } satisfies ReceiptHeader);
  const ciphertext = randomBytes(272);
  const bytes = encodeCbor({ header, ciphertext, signature: randomBytes(64) });
  return { bytes, hash: receiptHash(header, ciphertext) };
}
