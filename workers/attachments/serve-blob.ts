import { refusalResponse } from "../http/failure.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { partOf } from "./range.ts";

/** F2: nothing of this is ever a page, whatever its bytes are. The rest is on every answer (security-headers.ts). */
const HEADERS: Readonly<Record<string, string>> = {
  "accept-ranges": "bytes",
  "content-type": "application/octet-stream",
  "content-disposition": "attachment",
};

/** Serves a file, or the range of it that is asked for, as R2 gives it. Throws `not_found` if R2 has none. */
export async function serveBlob(
  bucket: R2Bucket,
  { key, bytes }: { readonly key: string; readonly bytes: number },
  range: string | null,
): Promise<Response> {
  const part = partOf(range, bytes);
  if (part.kind === "none") {
    const response = refusalResponse(new ProtocolError("range_refused"));
    response.headers.set("content-range", `bytes */${bytes}`);
    return response;
  }
  const { offset, length } = part.kind === "some" ? part : { offset: 0, length: bytes };
  const object = await bucket.get(key, { range: { offset, length } });
  if (!object) throw new ProtocolError("not_found", "object");
  const headers = new Headers(HEADERS);
  headers.set("content-length", String(length));
  if (part.kind === "whole") return new Response(object.body, { headers });
  headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${bytes}`);
  return new Response(object.body, { status: 206, headers });
}
