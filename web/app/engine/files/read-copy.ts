import { FileError } from "../../../core/files/refused.ts";
import { chunkSpan, layoutOf } from "../../../core/files/layout.ts";
import { type OpenedFile, openFile } from "../../../core/files/open.ts";
import type { SealedFile } from "../../../core/files/seal.ts";
import type { Source } from "../../../core/files/source.ts";
import type { FileCrypto } from "../../../core/files/cipher.ts";
import { blobSource } from "../../../platform/files/blob-source.ts";

/** A stored copy, read chunk by chunk. */
export interface CopyReader {
  readonly file: OpenedFile;
  /** Throws FileError `file_lost` where the device has lost or altered it. */
  sealed(index: number): Promise<Uint8Array>;
  plain(index: number): Promise<Uint8Array>;
}

const lost = (cause: unknown): never => {
  throw cause instanceof FileError ? new FileError("file_lost", cause.message) : cause;
};

/** Throws FileError `file_lost` for what is not the whole of this file. */
export async function readCopy(
  crypto: FileCrypto,
  said: SealedFile,
  copy: Blob | null,
): Promise<CopyReader> {
  const { sealed: end, bytes } = layoutOf(said.size);
  if (copy?.size !== bytes) throw new FileError("file_lost", "no copy");
  const source = blobSource(copy);
  const file = await source
    .read(end, bytes)
    .then((trailer) => openFile(crypto, said, trailer))
    .catch(lost);
  const stored = async (index: number): Promise<Uint8Array> => {
    const { from, to } = chunkSpan(file.layout, index);
    return source.read(from, to).catch(lost);
  };
  return {
    file,
    async sealed(index) {
      const bytesOf = await stored(index);
      if (!(await file.isChunk(index, bytesOf))) throw new FileError("file_lost", `chunk ${index}`);
      return bytesOf;
    },
    plain: async (index) => file.chunk(index, await stored(index)).catch(lost),
  };
}

/** A copy's plaintext, to be sealed anew: it is asked for in whole chunks. */
export const plainSource = (reader: CopyReader, chunk: number): Source => ({
  size: reader.file.layout.size,
  read: async (from, to) => {
    const plain = await reader.plain(Math.floor(from / chunk));
    return plain.subarray(0, to - from);
  },
});
