import { toBase64url } from "../protocol/bytes.ts";

/** What the keys of a conversation's files begin with. */
export const blobsPrefix = (conversation: Uint8Array): string =>
  `blobs/${toBase64url(conversation)}/`;

/** Where R2 has a file. */
export const blobKey = (conversation: Uint8Array, blob: Uint8Array): string =>
  `${blobsPrefix(conversation)}${toBase64url(blob)}`;

/** What a Conversation asks of R2 about files; bytes never pass through it. All of it may be repeated. */
export interface BlobBucket {
  /** Begins a multipart upload and answers its name. */
  create(key: string): Promise<string>;
  /** Makes one object of all parts and answers its size; null: R2 knows no such upload, or not these parts. */
  complete(
    key: string,
    upload: string,
    parts: readonly { readonly part: number; readonly etag: string }[],
  ): Promise<number | null>;
  /** Lets an upload go, if there still is one. */
  abort(key: string, upload: string): Promise<void>;
  /** null: no such object */
  size(key: string): Promise<number | null>;
  delete(key: string): Promise<void>;
}

/** Codes by which R2 says that the request can never succeed, at the end of its messages. */
const NO_SUCH_UPLOAD = 10_024;
const HOPELESS: ReadonlySet<number> = new Set([
  NO_SUCH_UPLOAD,
  // parts: too small, not there, of unequal size
  10_011,
  10_025,
  10_048,
]);

const codeOf = (error: unknown): number =>
  error instanceof Error ? Number(/\((\d+)\)\s*$/.exec(error.message)?.[1] ?? 0) : 0;

/** Whether R2 says that it has no such multipart upload: aborted, completed, or let go after its time. */
export const isNoUpload = (error: unknown): boolean => codeOf(error) === NO_SUCH_UPLOAD;

/** Names the neighbour in what failed: R2's own messages do not. */
async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error("R2 was out of reach", { cause });
  }
}

export const r2Blobs = (bucket: R2Bucket): BlobBucket => ({
  create: (key) => asking(async () => (await bucket.createMultipartUpload(key)).uploadId),
  complete: (key, upload, parts) =>
    asking(async () => {
      const etags = parts.map(({ part, etag }) => ({ partNumber: part, etag }));
      try {
        return (await bucket.resumeMultipartUpload(key, upload).complete(etags)).size;
      } catch (error) {
        if (HOPELESS.has(codeOf(error))) return null;
        throw error;
      }
    }),
  abort: (key, upload) =>
    asking(async () => {
      try {
        await bucket.resumeMultipartUpload(key, upload).abort();
      } catch (error) {
        if (!isNoUpload(error)) throw error;
      }
    }),
  size: (key) => asking(async () => (await bucket.head(key))?.size ?? null),
  delete: (key) => asking(() => bucket.delete(key)),
});
