import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod/mini";
import { concatBytes, prefixed } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import { bytes32, cappedBytes, positive, signatureBytes, unsigned, version } from "./fields.ts";
import { label } from "./labels.ts";
import { LIMITS } from "./limits.ts";

const HEADER_CAP = 512;

/** M10: what the server sees of a read receipt; the place that was read, and when, are sealed (E8). */
export const receiptHeader = z.strictObject({
  v: version,
  conversation: bytes32,
  n: unsigned,
  /** hash of bundle n */
  head: bytes32,
  account: bytes32,
  device: bytes32,
  manifestVersion: positive,
  /** rises with every receipt of the account here, whichever device writes it */
  counter: positive,
  salt: bytes32,
});
export type ReceiptHeader = z.infer<typeof receiptHeader>;

export const receipt = z.strictObject({
  header: cappedBytes(HEADER_CAP),
  ciphertext: cappedBytes(LIMITS.receipt),
  signature: signatureBytes,
});
export type Receipt = z.infer<typeof receipt>;

export const decodeReceipt = (bytes: Uint8Array): Receipt =>
  decodeCbor(bytes, receipt, LIMITS.receipt);

export const decodeReceiptHeader = (bytes: Uint8Array): ReceiptHeader =>
  decodeCbor(bytes, receiptHeader, HEADER_CAP);

/** M10: the hash that the device signs under `sign-receipt`; refusals name a receipt by it. */
export const receiptHash = (header: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  sha256(concatBytes(label("receipt-hash"), prefixed(header), prefixed(ciphertext)));
