import { LIMITS } from "./limits.ts";
import { paddedLength } from "./padded-length.ts";

/** F1: bytes that a chunk grows by when it is sealed, and those of its hash in the trailer. */
const TAG = 16;
const HASH = 32;

/** F1: bytes of a file of so many padded bytes as it is uploaded: sealed chunks, then the trailer. */
export const sealedLength = (padded: number): number =>
  padded + Math.ceil(padded / LIMITS.fileChunk) * (TAG + HASH);

/** The most that a file of at most so many bytes comes to when it is uploaded; its padding may begin with a mark. */
export const largestSealed = (fileBytes: number): number =>
  sealedLength(paddedLength(fileBytes + 1));

/** F1: the parts in which so many bytes are uploaded. */
export const partCount = (bytes: number): number => Math.ceil(bytes / LIMITS.filePart);

/** F1: the bytes of part 1, 2, 3 ... of so many; 0: there is no such part. All are equal, the last may be shorter. */
export function partLength(bytes: number, part: number): number {
  if (!Number.isInteger(part) || part < 1) return 0;
  const before = (part - 1) * LIMITS.filePart;
  return Math.max(0, Math.min(LIMITS.filePart, bytes - before));
}
