import { randomBytes } from "@noble/hashes/utils.js";
import { encodeCbor } from "../protocol/cbor.ts";
import type { EnvelopeHeader } from "../protocol/envelope.ts";
import type { TestAuthor, TestBundle } from "../protocol/bundle.test-kit.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

/** 16 bytes with the version and variant bits of a UUIDv7. */
export function makeMessageId(): Uint8Array {
  const id = randomBytes(16);
  id[6] = 0x70 | ((id[6] ?? 0) & 0x0f);
  id[8] = 0x80 | ((id[8] ?? 0) & 0x3f);
  return id;
}

export interface TestEnvelope {
  readonly header: EnvelopeHeader;
  readonly bytes: Uint8Array;
}

/** An envelope under this bundle; ciphertext and signature are noise: the server looks into neither (C3). */
export function makeEnvelope(
  author: TestAuthor,
  bundle: TestBundle,
  deviceSeq: number,
  change: Partial<EnvelopeHeader> = {},
  size = 256,
): TestEnvelope {
  const header: EnvelopeHeader = {
    v: PROTOCOL_VERSION,
    conversation: bundle.core.conversation,
    n: bundle.core.n,
    head: bundle.hash,
    account: author.account.id,
    device: author.device.id,
    manifestVersion: author.account.core.version,
    deviceSeq,
    messageId: makeMessageId(),
    salt: randomBytes(32),
    quiet: false,
    blobIds: [],
    ...change,
  };
  const headerBytes = encodeCbor(header);
  const keyCommit = randomBytes(32);
  const ciphertext = randomBytes(size);
  const signature = randomBytes(64);
  return { header, bytes: encodeCbor({ header: headerBytes, keyCommit, ciphertext, signature }) };
}
