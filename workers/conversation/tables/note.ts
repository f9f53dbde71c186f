import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../protocol/cbor.ts";
import { bytes32, cappedBytes, unsigned } from "../../protocol/fields.ts";
import { LIMITS } from "../../protocol/limits.ts";

/** Receipts that took their slot since the row before: they are stored with a row that is written anyway. */
const note = z.object({
  receipts: z.array(
    z.object({ account: bytes32, counter: unsigned, body: cappedBytes(LIMITS.receipt) }),
  ),
});
export type Note = z.infer<typeof note>;

export const encodeNote = (value: Note): Uint8Array => encodeCbor(value);
export const decodeNote = (bytes: Uint8Array): Note => decodeCbor(bytes, note, LIMITS.body);
