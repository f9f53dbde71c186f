import { ProtocolError } from "../protocol/errors.ts";

/** A body of bytes on its way: whoever passes it on sees that it has the length that was declared. */
export interface OctetBody {
  /** as content-length says */
  readonly length: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/** Bytes of a declared length, unread. Throws `bad_request` unless it is octet-stream, `upload_mismatch` without a length. */
export function octetsOf(request: Request): OctetBody {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/octet-stream") throw new ProtocolError("bad_request", "content-type");
  const length = request.headers.get("content-length") ?? "";
  if (!/^\d{1,15}$/.test(length)) throw new ProtocolError("upload_mismatch", "content-length");
  if (!request.body) throw new ProtocolError("upload_mismatch", "empty");
  return { length: Number(length), stream: request.body };
}
