import { decode } from "cborg";
import * as z from "zod/mini";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

const anyHello = z.object({ t: z.literal("hello"), v: z.int() });

/** E4: whether an undecodable frame is a hello of another version, which is told to update. */
export function isOtherVersion(bytes: Uint8Array): boolean {
  try {
    const parsed = anyHello.safeParse(decode(bytes));
    return parsed.success && parsed.data.v !== PROTOCOL_VERSION;
  } catch {
    return false;
  }
}
