import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { type FileCrypto, chunkHash, nonceOf, trailerHash } from "./cipher.ts";
import { HASH, type Layout, layoutOf, plainSpan } from "./layout.ts";
import { FileError } from "./refused.ts";
import type { SealedFile } from "./seal.ts";

/** A file whose trailer is verified: each of its chunks opens, and verifies, by itself. */
export interface OpenedFile {
  readonly layout: Layout;
  /** The plaintext of a chunk, without padding. Throws FileError `file_altered` for anything but what was sealed. */
  chunk(index: number, sealed: Uint8Array): Promise<Uint8Array>;
  /** Whether these are the chunk's bytes, which is known without opening them. */
  isChunk(index: number, sealed: Uint8Array): Promise<boolean>;
}

/** F1: takes a trailer if it is the one that the message names. Throws FileError `file_altered`. */
export async function openFile(
  crypto: FileCrypto,
  { key, trailer: named, size }: SealedFile,
  trailer: Uint8Array,
): Promise<OpenedFile> {
  const layout = layoutOf(size);
  // A trailer of another length is another one, and so is a chunk: their hashes say so.
  if (!equalBytes(await trailerHash(crypto, trailer), named)) {
    throw new FileError("file_altered", "trailer");
  }
  const cipher = await crypto.cipher(key);
  const isChunk = async (index: number, sealed: Uint8Array): Promise<boolean> => {
    const hash = trailer.subarray(index * HASH, (index + 1) * HASH);
    return equalBytes(await chunkHash(crypto, sealed), hash);
  };
  return {
    layout,
    isChunk,
    async chunk(index, sealed) {
      if (!(await isChunk(index, sealed))) throw new FileError("file_altered", `chunk ${index}`);
      const { from, to } = plainSpan(layout, index);
      const plain = await cipher.open(nonceOf(layout, index), sealed).catch(() => null);
      // Its author sealed another file under this trailer, or says another size than it has.
      if (plain?.length !== to - from) throw new FileError("file_altered", `chunk ${index}`);
      return plain.subarray(0, Math.max(0, size - from));
    },
  };
}
