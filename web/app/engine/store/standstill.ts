/** C5: why sending stands still, and what came that failed a check. Schemas are the format of the device's store. */
import * as z from "zod/mini";
import { positive, time } from "../../../../workers/protocol/fields.ts";

/** Signed by those it accuses: it stops the conversation for good. */
const proofCode = z.enum(["fork", "cloned"]);
export type ProofCode = z.infer<typeof proofCode>;

/**
 * `bundle`, `manifest`: the next bundle, or a manifest that it names, is missing or does not verify; `share`: the
 * newest epoch has no key or share; `log`: the server contradicts what this device holds, and nobody signed that.
 */
const wantCode = z.enum(["bundle", "manifest", "share", "log"]);
export type WantCode = z.infer<typeof wantCode>;

export const standstill = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("proof"), code: proofCode }),
  z.object({ kind: z.literal("want"), code: wantCode, since: time }),
]);
export type Standstill = z.infer<typeof standstill>;

/** What failed a check is not kept; that it came is. */
const failedKind = z.enum(["bundle", "manifest", "share", "message", "log"]);
export type FailedKind = z.infer<typeof failedKind>;

export const failedNotice = z.object({ kind: failedKind, at: time });
export type FailedNotice = z.infer<typeof failedNotice>;

/** Places of the log, both ends included. */
export const placeRange = z.object({ from: positive, to: positive });
export type PlaceRange = z.infer<typeof placeRange>;
