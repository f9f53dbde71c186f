import type { Random } from "../crypto/primitives.ts";
import { type FileCrypto, chunkHash, nonceOf, paddedChunk, trailerHash } from "./cipher.ts";
import { HASH, layoutOf, plainSpan } from "./layout.ts";
import { type Source, readWithin } from "./source.ts";

/** What is needed to open a file that was sealed. */
export interface SealedFile {
  readonly key: Uint8Array;
  /** hash of the trailer */
  readonly trailer: Uint8Array;
  readonly size: number;
}

/**
 * F1: a file, chunk by chunk and then its trailer, as it is stored and uploaded. The key is drawn here, at every call, so
 * that it never seals anything else: what is sent again is read from what was written, never from the source (E8).
 * Throws FileError `file_changed` where the source is not what it was.
 */
export async function sealFile(
  crypto: FileCrypto,
  random: Random,
  source: Source,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<SealedFile> {
  const layout = layoutOf(source.size);
  const key = random.bytes(32);
  const cipher = await crypto.cipher(key);
  const trailer = new Uint8Array(layout.chunks * HASH);
  const plainOf = (index: number): Promise<Uint8Array> => {
    const { from, to } = plainSpan(layout, index);
    return readWithin(source, from, to);
  };
  // The next chunk is read while this one is sealed.
  let next = plainOf(0);
  for (let index = 0; index < layout.chunks; index++) {
    const { from, to } = plainSpan(layout, index);
    const plain = paddedChunk(await next, to - from);
    if (index + 1 < layout.chunks) {
      next = plainOf(index + 1);
      // It is awaited in its turn; until then nobody hears of its failure.
      next.catch(() => undefined);
    }
    const sealed = await cipher.seal(nonceOf(layout, index), plain);
    trailer.set(await chunkHash(crypto, sealed), index * HASH);
    await write(sealed);
  }
  await write(trailer);
  return { key, trailer: await trailerHash(crypto, trailer), size: source.size };
}
