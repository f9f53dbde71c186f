import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import {
  type Receipt,
  type ReceiptHeader,
  decodeReceipt,
  decodeReceiptHeader,
  receiptHash,
} from "../../../workers/protocol/receipt.ts";
import { newDevice } from "../account/device.ts";
import { sealOnce } from "../crypto/primitives.ts";
import { pad } from "../messages/padding.ts";
import { epochOf, newRoom, senderOf } from "../messages/room.test-kit.ts";
import { type Person, NOW, contextOf, changed, flipped } from "../people.test-kit.ts";
import { receiptKey } from "./keys.ts";
import { isWaiting, openReceipt } from "./open.ts";
import { MAX_EXCEPT, type Reading } from "./payload.ts";
import { sealReceipt } from "./seal.ts";

const room = await newRoom("receipts");
const { suite, owner, patient, together, context } = room;
const reading: Reading = {
  seq: 3,
  digest: suite.random.bytes(32),
  at: NOW,
  except: [2],
  presence: true,
};
const seal = (counter = 1, what: Reading = reading, n?: number) =>
  sealReceipt(suite.random, senderOf(patient), epochOf(together, n), counter, what);
const sealed = await seal();
const header = decodeReceiptHeader(decodeReceipt(sealed).header);

/** Changed and signed again: what its author, or a thief of the device's key, can make. */
async function resigned(
  person: Person,
  change: (parts: { header: ReceiptHeader; receipt: Receipt }) => {
    header?: ReceiptHeader;
    ciphertext?: Uint8Array;
  },
): Promise<Uint8Array> {
  const receipt = decodeReceipt(sealed);
  const made = change({ header, receipt });
  const encoded = made.header ? encodeCbor(made.header) : receipt.header;
  const ciphertext = made.ciphertext ?? receipt.ciphertext;
  const hash = receiptHash(encoded, ciphertext);
  const signature = await person.signer.sign("sign-receipt", hash);
  return encodeCbor({ header: encoded, ciphertext, signature });
}

const problemOf = async (bytes: Uint8Array, ctx = context) => {
  const result = await openReceipt(ctx, bytes);
  return result.ok ? "opened" : result.problem;
};

/** The same header over another content, by its author. */
const anyhow = (plaintext: Uint8Array) =>
  resigned(patient, ({ receipt }) => {
    const key = receiptKey(epochOf(together).secret, header);
    return { ciphertext: sealOnce(key, plaintext, receipt.header) };
  });

describe("one receipt", () => {
  test("M10, E8 opens as it was written (positive control)", async () => {
    const result = await openReceipt(context, sealed);
    expect(result.ok && result.reading).toEqual(reading);
    expect(result.ok && result.header.counter).toBe(1);
  });

  test("M10 what was read, and when, is not in what the server sees", async () => {
    const text = JSON.stringify(Object.keys(header));
    expect(text).not.toMatch(/seq|digest|at"|except|presence/);
    const parts = decodeReceipt(sealed);
    expect(Buffer.from(parts.ciphertext).includes(Buffer.from(reading.digest))).toBe(false);
  });

  test("M8, M10 with and without a few exceptions it has one length", async () => {
    const none = await seal(1, { ...reading, except: [] });
    const some = await seal(1, { ...reading, except: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
    const full = Array.from({ length: MAX_EXCEPT }, (_, i) => 2 ** 40 + i);
    expect(none.length).toBe(some.length);
    expect((await openReceipt(context, await seal(1, { ...reading, except: full }))).ok).toBe(true);
  });

  test("E8 the salt is drawn at every call, and counter, account and salt each give another key", async () => {
    const again = decodeReceiptHeader(decodeReceipt(await seal()).header);
    expect(again.salt).not.toEqual(header.salt);
    const { secret } = epochOf(together);
    const keys = [
      header,
      again,
      { ...header, counter: 2 },
      { ...header, account: owner.account },
    ].map((h) => receiptKey(secret, h).join());
    expect(new Set(keys).size).toBe(4);
  });
});

describe("what is refused", () => {
  test("M10 every byte of it counts", async () => {
    for (let at = 0; at < sealed.length; at += 7) {
      expect(await problemOf(flipped(sealed, at))).not.toBe("opened");
    }
  });

  test("M10 another device's signature, and another's name under the own signature", async () => {
    expect(await problemOf(await resigned(owner, () => ({})))).toBe("bad_signature");
    const named = { ...header, account: owner.account, device: owner.device.id };
    expect(await problemOf(await resigned(patient, () => ({ header: named })))).toBe(
      "bad_signature",
    );
  });

  test("M3, M10 the signature of an envelope does for no receipt", async () => {
    const receipt = decodeReceipt(sealed);
    const hash = receiptHash(receipt.header, receipt.ciphertext);
    const signature = await patient.signer.sign("sign-envelope", hash);
    expect(await problemOf(encodeCbor({ ...receipt, signature }))).toBe("bad_signature");
  });

  test("E8, M10 the header is bound: with another counter or salt nothing opens", async () => {
    for (const change of [{ counter: 9 }, { salt: flipped(header.salt) }]) {
      const bytes = await resigned(patient, () => ({ header: { ...header, ...change } }));
      expect(await problemOf(bytes)).toBe("open_failed");
    }
  });

  test("C5, C8, M10 membership, head and manifest are judged as an envelope's are", async () => {
    const as = (change: Partial<ReceiptHeader>) =>
      resigned(patient, () => ({ header: { ...header, ...change } }));
    expect(await problemOf(await as({ n: 2 }))).toBe("bundle_needed");
    expect(await problemOf(await as({ head: flipped(header.head) }))).toBe("fork");
    // Before the join there was no such member.
    expect(
      await problemOf(await as({ n: 0, head: together.bundles[0]?.hash ?? new Uint8Array(32) })),
    ).toBe("not_a_member");
    expect(await problemOf(await as({ manifestVersion: 2 }))).toBe("manifest_needed");
    expect(await problemOf(await as({ device: owner.device.id }))).toBe("unknown_device");
    expect(await problemOf(await as({ conversation: owner.account }))).toBe("malformed");
    expect(["bundle_needed", "manifest_needed", "no_key"].every((p) => isWaiting(p as never))).toBe(
      true,
    );
    expect(isWaiting("fork")).toBe(false);
  });

  test("C8, M10 a device that is revoked by now reads for nobody", async () => {
    const two = await changed(suite, patient, { addDevice: newDevice(suite.random) });
    const revoked = await changed(suite, two, { revokeDevices: [patient.device.id] });
    const later = { ...contextOf(owner, revoked), conversation: together };
    expect(await problemOf(sealed, later)).toBe("removed_device");
  });

  test("C7 without the epoch's secret it waits", async () => {
    const epochs = new Map(
      [...together.epochs].map(([n, epoch]) => [n, { ...epoch, secret: null }]),
    );
    const erased = { ...context, conversation: { ...together, epochs } };
    expect(await problemOf(sealed, erased)).toBe("no_key");
  });

  test("E5, M10 a content that is none, unpadded, or with too many exceptions", async () => {
    const many = Array.from({ length: MAX_EXCEPT + 1 }, (_, i) => i + 1);
    for (const plaintext of [
      pad(encodeCbor({ ...reading, also: 1 })),
      pad(encodeCbor({ ...reading, except: many })),
      encodeCbor(reading),
    ]) {
      expect(await problemOf(await anyhow(plaintext))).toBe("open_failed");
    }
    expect(await problemOf(await anyhow(pad(encodeCbor(reading))))).toBe("opened");
  });
});
