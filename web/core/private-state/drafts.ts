import * as z from "zod/mini";
import { bytes32, time } from "../../../workers/protocol/fields.ts";

/**
 * Characters (UTF-16 units) of a draft that travels to the account's other devices: at three bytes each it fits
 * into one private record. A longer one stays on its device until it is shortened.
 */
export const DRAFT_TEXT = 16_000;

/** What stands in the composer of one conversation (K9); an empty text is a draft that was sent or removed. */
export const draftRecord = z.strictObject({
  kind: z.literal("draft"),
  conversation: bytes32,
  text: z.string().check(z.maxLength(DRAFT_TEXT)),
  /** when it was written; every later version of the record names a later time, whatever the clocks say */
  at: time,
});
export type DraftRecord = z.infer<typeof draftRecord>;
