import * as z from "zod/mini";
import { id16, positive, unsigned } from "../fields.ts";
import { type Endpoint, empty } from "./endpoint.ts";

/** `blob`: 16 random bytes that the client has stored (A6); `bytes`: all that will come, trailer included (F1). */
export const beginUpload = z.strictObject({ blob: id16, bytes: positive });

/** Where an upload stands; asked for again it says what is still to come. */
export const uploadState = z.object({
  /** numbers of the parts that are stored, from 1 on, ascending; none once it is complete */
  taken: z.array(positive),
  isComplete: z.boolean(),
});

const usage = z.object({
  /** bytes, uploads that were begun included */
  used: unsigned,
  limit: positive,
});

export const storageUse = z.object({
  /** of a file as people know it */
  fileBytes: positive,
  /** of the same as it is uploaded: `bytes` of beginUpload may not be more */
  sealedBytes: positive,
  conversation: usage,
  /** of all conversations of their owner; null: the caller is somebody else, and does not learn it */
  account: z.nullable(usage),
});

/** Encrypted files (F1, F2, A6). */
export const attachmentEndpoints = {
  beginUpload: {
    method: "POST",
    path: "/api/conversations/:conversation/uploads",
    access: "device",
    limit: "write",
    body: beginUpload,
    result: uploadState,
  },
  uploadPart: {
    method: "PUT",
    path: "/api/conversations/:conversation/uploads/:blob/parts/:part",
    access: "device",
    limit: "write",
    body: "octets",
    result: empty,
  },
  finishUpload: {
    method: "POST",
    path: "/api/conversations/:conversation/uploads/:blob/finish",
    access: "device",
    limit: "write",
    result: empty,
  },
  cancelUpload: {
    method: "DELETE",
    path: "/api/conversations/:conversation/uploads/:blob",
    access: "device",
    limit: "write",
    result: empty,
  },
  blob: {
    method: "GET",
    path: "/api/conversations/:conversation/blobs/:blob",
    access: "device",
    limit: "read",
    result: "octets",
  },
  storage: {
    method: "GET",
    path: "/api/conversations/:conversation/storage",
    access: "device",
    limit: "read",
    result: storageUse,
  },
} as const satisfies Record<string, Endpoint>;
