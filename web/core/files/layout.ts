/** F1: where what of a file stands, in its plaintext, its ciphertext and its parts. */
import { partCount, partLength, sealedLength } from "../../../workers/protocol/file-layout.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { paddedLength } from "../../../workers/protocol/padded-length.ts";

/** Bytes of plaintext in each chunk but the last. */
export const CHUNK: number = LIMITS.fileChunk;
/** Bytes of a chunk's hash in the trailer. */
export const HASH = 32;
/** Bytes that a chunk grows by. */
const TAG = 16;

/** Bytes from `from` up to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  /** bytes of plaintext, without padding */
  readonly size: number;
  /** bytes of plaintext, with padding: all that the ciphertext's length tells (M8) */
  readonly padded: number;
  readonly chunks: number;
  /** bytes of all ciphertext chunks; the trailer begins here */
  readonly sealed: number;
  /** bytes of all that is stored: chunks and trailer */
  readonly bytes: number;
  readonly parts: number;
}

export function layoutOf(size: number): Layout {
  const padded = paddedLength(size);
  const chunks = Math.ceil(padded / CHUNK);
  const bytes = sealedLength(padded);
  return { size, padded, chunks, sealed: bytes - chunks * HASH, bytes, parts: partCount(bytes) };
}

/** Where chunk `index` stands in the padded plaintext. */
export const plainSpan = ({ padded }: Layout, index: number): Span => ({
  from: index * CHUNK,
  to: Math.min((index + 1) * CHUNK, padded),
});

/** Where chunk `index` stands in the ciphertext. */
export const chunkSpan = ({ sealed }: Layout, index: number): Span => ({
  from: index * (CHUNK + TAG),
  to: Math.min((index + 1) * (CHUNK + TAG), sealed),
});

/** Chunks of which a part consists, from the first up to the last; none where it has the trailer alone. */
export function chunksOfPart({ chunks }: Layout, part: number): Span {
  const most = LIMITS.filePart / (CHUNK + TAG);
  return { from: Math.min((part - 1) * most, chunks), to: Math.min(part * most, chunks) };
}

/** Where part `part`, of which the first is 1, stands in what is stored. */
export function partSpan({ bytes }: Layout, part: number): Span {
  const from = (part - 1) * LIMITS.filePart;
  return { from, to: from + partLength(bytes, part) };
}
