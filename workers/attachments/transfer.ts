import type { OctetBody } from "../http/octets.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { isNoUpload } from "./bucket.ts";

/** Where a part goes; `upload` null: it is the whole file. */
export interface Target {
  readonly key: string;
  readonly upload: string | null;
  readonly part: number;
}

/** Nobody sends one part for longer: what R2 was asked to delete is deleted again after twice the time. */
const PART_MS = 30 * 60_000;

/** R2 has the part, or knows the multipart upload no more. */
export type Transfer =
  | { readonly kind: "stored"; readonly etag: string }
  | { readonly kind: "lost" };

async function write(bucket: R2Bucket, { key, upload, part }: Target, bytes: ReadableStream) {
  if (upload !== null) {
    return (await bucket.resumeMultipartUpload(key, upload).uploadPart(part, bytes)).etag;
  }
  const object = await bucket.put(key, bytes);
  if (!object) throw new Error("R2 put nothing");
  return object.etag;
}

/**
 * Passes a part on to R2 as it comes in: never more of it is here than the runtime's pipe holds. R2 is told the length
 * beforehand, and keeps nothing unless just so many bytes come, as HTTP promises. Throws `unavailable` if they stop or
 * take too long, and an Error for an outage of R2.
 */
export async function transfer(
  bucket: R2Bucket,
  target: Target,
  { stream, length }: OctetBody,
  limit: AbortSignal = AbortSignal.timeout(PART_MS),
): Promise<Transfer> {
  const pipe = new FixedLengthStream(length);
  const refusal = new AbortController();
  const signal = AbortSignal.any([limit, refusal.signal]);
  const came = stream.pipeTo(pipe.writable, { signal }).catch((error: unknown) => {
    if (error === refusal.signal.reason) return;
    throw new ProtocolError("unavailable", "body");
  });
  const written = write(bucket, target, pipe.readable).catch(async (error: unknown) => {
    // Who still sends need not go on. If it was the sender that failed, that is the reason, and R2 is well.
    refusal.abort(new Error("R2 takes no more"));
    await came;
    if (isNoUpload(error)) return null;
    throw new Error("R2 was out of reach", { cause: error });
  });
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(new ProtocolError("unavailable", "too slow")));
  });
  for (const one of [came, written, late]) one.catch(() => null);
  // Whichever fails first is the reason: the end of one ends the other. Neither may be waited for in vain.
  const etag = await Promise.race([written, came.then(() => written), late]);
  return etag === null ? { kind: "lost" } : { kind: "stored", etag };
}
