import * as z from "zod/mini";
import { unsigned } from "../../../workers/protocol/fields.ts";
import type { FileBody } from "./file-body.ts";
import { FILE_KINDS, fileKindOf } from "./file-type.ts";

/** What the list says of a file, beside what was written with it. */
export const fileMention = z.object({
  kind: z.enum(FILE_KINDS),
  name: z.string(),
  seconds: z.optional(unsigned),
});
export type FileMention = Readonly<z.infer<typeof fileMention>>;

export const mentionOf = (body: FileBody): FileMention => ({
  kind: fileKindOf(body),
  name: body.name,
  ...(body.audio ? { seconds: body.audio.seconds } : {}),
});
