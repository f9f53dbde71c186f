import { randomBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authorOf, createBundle, makeInvite } from "./bundle.test-kit.ts";
import { decodeBundleCore, decodeBundleUpload } from "./bundle.ts";
import { encodeCbor } from "./cbor.ts";
import { decodeEnvelope, decodeEnvelopeHeader, envelopeHash } from "./envelope.ts";
import { ProtocolError } from "./errors.ts";
import {
  type ConversationDown,
  type ConversationUp,
  decodeConversationDown,
  decodeConversationUp,
  decodeInboxDown,
  decodeInboxUp,
  decodeLogItem,
  encodeConversationDown,
  encodeConversationUp,
  encodeInboxDown,
  encodeInboxUp,
} from "./frames.ts";
import { LIMITS } from "./limits.ts";
import { makeAccount } from "./manifest.test-kit.ts";
import { decodeAccountSeals, decodeManifestCore, decodeSignedManifest } from "./manifest.ts";
import { decodeReceipt, decodeReceiptHeader, receiptHash } from "./receipt.ts";

const account = makeAccount();
const bundle = createBundle(authorOf(account), [makeInvite()]);
const { seals: _seals, grants: _grants, ...sent } = bundle.upload;
const delivery = { ...sent, seals: [], grants: [] };
const messageId = randomBytes(16);
messageId[6] = 0x70;
messageId[8] = 0x80;
const header = {
  v: 1 as const,
  conversation: randomBytes(32),
  n: 0,
  head: randomBytes(32),
  account: account.id,
  device: randomBytes(32),
  manifestVersion: 1,
  deviceSeq: 1,
  messageId,
  salt: randomBytes(32),
  quiet: false,
  blobIds: [],
};
const envelope = encodeCbor({
  header: encodeCbor(header),
  keyCommit: randomBytes(32),
  ciphertext: randomBytes(256),
  signature: randomBytes(64),
});

const receiptHeader = {
  v: 1 as const,
  conversation: header.conversation,
  n: 0,
  head: header.head,
  account: account.id,
  device: header.device,
  manifestVersion: 1,
  counter: 1,
  salt: randomBytes(32),
};
const receipt = encodeCbor({
  header: encodeCbor(receiptHeader),
  ciphertext: randomBytes(272),
  signature: randomBytes(64),
});

const up: ConversationUp[] = [
  { t: "hello", v: 1, cursor: 0 },
  { t: "send", envelopes: [envelope] },
  { t: "bundle", bundle: bundle.upload, envelopes: [] },
  { t: "taken", mark: messageId },
  { t: "received", seq: 1 },
  { t: "receipt", receipt },
  { t: "typing", on: true },
  { t: "presence", on: false },
];
const down: ConversationDown[] = [
  {
    t: "log",
    items: [
      { seq: 1, at: 1, envelope },
      { seq: 2, at: 1, bundle: delivery },
    ],
  },
  { t: "page", mark: messageId, more: true },
  { t: "ack", items: [{ messageId, deviceSeq: 1, seq: 1, at: 1 }] },
  { t: "accepted", hash: bundle.hash, n: 0, seq: 1, at: 1 },
  { t: "refused", ref: null, error: "bad_request" },
  { t: "refused", ref: bundle.hash, error: "stale_epoch", missed: [] },
  { t: "received", account: account.id, seq: 3 },
  { t: "receipt", receipt },
  { t: "typing", account: account.id, on: true },
  { t: "presence", account: account.id, on: false },
];
const row = {
  conversation: header.conversation,
  shard: 0,
  head: 0,
  lastSeq: 1,
  lastAt: 1,
  readSeq: 0,
  unread: 1,
};

describe("E1 frames", () => {
  test.each(up)("E1 up: $t", (frame) => {
    expect(decodeConversationUp(encodeConversationUp(frame))).toEqual(frame);
  });

  test.each(down)("E1 down: $t", (frame) => {
    expect(decodeConversationDown(encodeConversationDown(frame))).toEqual(frame);
  });

  test("E1 inbox", () => {
    const read = { t: "read", conversation: row.conversation, seq: 1 } as const;
    expect(decodeInboxUp(encodeInboxUp(read))).toEqual(read);
    for (const conversation of [row.conversation, null]) {
      const showing = { t: "showing", conversation } as const;
      expect(decodeInboxUp(encodeInboxUp(showing))).toEqual(showing);
    }
    const activity = { t: "activity", row } as const;
    expect(decodeInboxDown(encodeInboxDown(activity))).toEqual(activity);
  });

  test("E1 an unknown member is refused", () => {
    const frame = encodeCbor({ t: "received", seq: 1, also: true });
    expect(() => decodeConversationUp(frame)).toThrow(ProtocolError);
    expect(() => decodeConversationUp(encodeCbor({ t: "later" }))).toThrow(ProtocolError);
  });

  test("a frame over the cap is refused before it is decoded", () => {
    expect(() => decodeConversationUp(new Uint8Array(LIMITS.frame + 1))).toThrow("too_large");
  });
});

describe("M1 M3 envelope", () => {
  test("M1 a header, and no message id but a UUIDv7", () => {
    expect(decodeEnvelopeHeader(encodeCbor(header))).toEqual(header);
    const v4 = Uint8Array.from(messageId);
    v4[6] = 0x40;
    const changed = encodeCbor({ ...header, messageId: v4 });
    expect(() => decodeEnvelopeHeader(changed)).toThrow(ProtocolError);
    expect(() => decodeEnvelopeHeader(encodeCbor({ ...header, deviceSeq: 0 }))).toThrow();
  });

  test("M3 the hash covers header, commitment and ciphertext, each in its place", () => {
    const [a, b, c] = [randomBytes(40), randomBytes(32), randomBytes(50)] as const;
    const hash = envelopeHash(a, b, c);
    expect(envelopeHash(c, b, a)).not.toEqual(hash);
    expect(envelopeHash(a, randomBytes(32), c)).not.toEqual(hash);
    const moved = envelopeHash(Uint8Array.from([...a, 0]), b, c);
    expect(moved).not.toEqual(hash);
  });
});

describe("M10 read receipts", () => {
  test("M10 a header, and no counter below 1", () => {
    expect(decodeReceiptHeader(encodeCbor(receiptHeader))).toEqual(receiptHeader);
    expect(() => decodeReceiptHeader(encodeCbor({ ...receiptHeader, counter: 0 }))).toThrow();
  });

  test("M10 a receipt over its cap is refused, be it a whole frame's worth", () => {
    const frame = { t: "receipt", receipt: new Uint8Array(LIMITS.receipt + 1) } as const;
    expect(() => decodeConversationUp(encodeCbor(frame))).toThrow(ProtocolError);
  });

  test("M10 the hash covers header and ciphertext, each in its place", () => {
    const [a, b] = [randomBytes(40), randomBytes(50)] as const;
    expect(receiptHash(b, a)).not.toEqual(receiptHash(a, b));
    expect(receiptHash(Uint8Array.from([...a, 0]), b)).not.toEqual(receiptHash(a, b));
  });
});

describe("whatever comes in, a decoder answers or refuses; it never crashes", () => {
  const decoders: Record<string, [(bytes: Uint8Array) => unknown, Uint8Array[]]> = {
    conversationUp: [decodeConversationUp, up.map(encodeCbor)],
    conversationDown: [decodeConversationDown, down.map(encodeCbor)],
    inboxUp: [decodeInboxUp, [encodeCbor({ t: "hello", v: 1 })]],
    inboxDown: [decodeInboxDown, [encodeCbor({ t: "snapshot", rows: [row], more: false })]],
    logItem: [decodeLogItem, [encodeCbor({ seq: 1, at: 1, bundle: delivery })]],
    envelope: [decodeEnvelope, [envelope]],
    header: [decodeEnvelopeHeader, [encodeCbor(header)]],
    receipt: [decodeReceipt, [receipt]],
    receiptHeader: [decodeReceiptHeader, [encodeCbor(receiptHeader)]],
    bundleCore: [decodeBundleCore, [bundle.coreBytes]],
    bundleUpload: [decodeBundleUpload, [encodeCbor(bundle.upload)]],
    manifestCore: [decodeManifestCore, [account.signed.core]],
    signedManifest: [decodeSignedManifest, [account.manifestCbor]],
    accountSeals: [decodeAccountSeals, [account.sealsCbor]],
  };

  test.each(Object.entries(decoders))("E1 M9 %s", (_, [decode, samples]) => {
    const edit = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() });
    const mutated = fc
      .tuple(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 4 }))
      .map(([sample, edits]) => {
        const bytes = Uint8Array.from(sample);
        let end = bytes.length;
        for (const { at, byte, cut } of edits) {
          bytes[at % bytes.length] = byte;
          if (cut) end = Math.min(end, at % bytes.length);
        }
        return bytes.subarray(0, end);
      });
    for (const sample of samples) expect(() => decode(sample)).not.toThrow();
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });
});
