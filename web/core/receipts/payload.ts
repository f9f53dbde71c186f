import * as z from "zod/mini";
import { decodeCbor, encodeCbor } from "../../../workers/protocol/cbor.ts";
import { bytes32, positive, time } from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { pad, unpad } from "../messages/padding.ts";

/** Places that one receipt can name as not read. */
export const MAX_EXCEPT = 32;

/** M10: what a read receipt says. */
const reading = z.strictObject({
  /** a message, and everything before it but `except`, was on screen */
  seq: positive,
  /** D of that message: the server cannot make the receipt mean another one */
  digest: bytes32,
  at: time,
  /** places up to there that could not be verified, ascending: a receipt is never sent for what was not read */
  except: z.array(positive).check(z.maxLength(MAX_EXCEPT)),
  /** whether `at` may be shown as "last seen" */
  presence: z.boolean(),
});
export type Reading = z.infer<typeof reading>;

/** M8, M10: padded, so that its length tells how many exceptions there are only very roughly. */
export const encodeReading = (value: Reading): Uint8Array => pad(encodeCbor(value));

/** Inverse of {@link encodeReading}. Throws for what is malformed. */
export const decodeReading = (padded: Uint8Array): Reading =>
  decodeCbor(unpad(padded), reading, LIMITS.receipt);
