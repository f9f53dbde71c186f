import * as z from "zod/mini";
import { base64url, id32, positive, unsigned } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import type { Endpoint } from "./endpoint.ts";

const recordValue = base64url(LIMITS.privateRecord);
export const privateRecord = z.object({ key: id32, version: positive, value: recordValue });
export const privatePage = z.object({
  records: z.array(privateRecord),
  /** pass as `after` for the next page; null at the end */
  next: z.nullable(id32),
});
/** Compare-and-swap: `version` is the one being replaced; 0 creates. Else stale_version. */
export const putPrivate = z.strictObject({ version: unsigned, value: recordValue });
export const putPrivateResult = z.object({ version: positive });

/** Private records (K9). */
export const privateRecordEndpoints = {
  privatePage: {
    method: "GET",
    path: "/api/private",
    access: "session",
    limit: "read",
    query: ["after"],
    result: privatePage,
  },
  privateRecord: {
    method: "GET",
    path: "/api/private/:key",
    access: "session",
    limit: "read",
    result: privateRecord,
  },
  putPrivate: {
    method: "PUT",
    path: "/api/private/:key",
    access: "session",
    limit: "write",
    body: putPrivate,
    result: putPrivateResult,
  },
} as const satisfies Record<string, Endpoint>;
