import { concatBytes, u64 } from "../../../workers/protocol/bytes.ts";
import { label } from "../../../workers/protocol/labels.ts";
import type { Layout } from "./layout.ts";

/** AES-256-GCM under one key, with tags of 16 bytes. */
export interface FileCipher {
  seal(nonce: Uint8Array, plain: Uint8Array): Promise<Uint8Array>;
  /** Rejects for whatever was not sealed so. */
  open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array>;
}

/** What the platform does much faster than any script. */
export interface FileCrypto {
  cipher(key: Uint8Array): Promise<FileCipher>;
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
}

/** F1, E8: the chunk's number and whether it is the last, under a key of this file alone. */
export const nonceOf = ({ chunks }: Layout, index: number): Uint8Array =>
  concatBytes(new Uint8Array([0, 0, 0, index === chunks - 1 ? 1 : 0]), u64(index));

const CHUNK_LABEL = label("file-chunk");
const TRAILER_LABEL = label("file-trailer");

/** F1, E3: what the trailer has of a ciphertext chunk. */
export const chunkHash = (crypto: FileCrypto, sealed: Uint8Array): Promise<Uint8Array> =>
  crypto.sha256(concatBytes(CHUNK_LABEL, sealed));

/** F1, E3: what the message has of the trailer. */
export const trailerHash = (crypto: FileCrypto, trailer: Uint8Array): Promise<Uint8Array> =>
  crypto.sha256(concatBytes(TRAILER_LABEL, trailer));

/** A chunk of plaintext with what of the padding lies in it. */
export function paddedChunk(plain: Uint8Array, length: number): Uint8Array {
  if (plain.length === length) return plain;
  const chunk = new Uint8Array(length);
  chunk.set(plain);
  return chunk;
}
