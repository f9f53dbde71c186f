import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, equalBytes } from "../../../workers/protocol/bytes.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { seededRandom } from "../people.test-kit.ts";
import { nonceOf, trailerHash } from "./cipher.ts";
import { countingCrypto } from "../crypto/file-crypto.test-kit.ts";
import { CHUNK, HASH, chunkSpan, layoutOf, partSpan, plainSpan } from "./layout.ts";
import { openFile } from "./open.ts";
import { type SealedFile, sealFile } from "./seal.ts";
import { type Source, sourceOf } from "./source.ts";

const random = seededRandom("files");
const crypto = countingCrypto();

/** Bytes of which no two chunks are alike. */
const plainOf = (size: number): Uint8Array => {
  const bytes = new Uint8Array(size);
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(size / 4));
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + size, 0x9e3779b1);
  return bytes;
};

async function sealed(source: Source): Promise<{ file: SealedFile; stored: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  const file = await sealFile(crypto, random, source, async (bytes) => void pieces.push(bytes));
  return { file, stored: concatBytes(...pieces) };
}

async function opened(file: SealedFile, stored: Uint8Array): Promise<Uint8Array> {
  const layout = layoutOf(file.size);
  const reader = await openFile(crypto, file, stored.subarray(layout.sealed));
  const pieces: Uint8Array[] = [];
  for (let index = 0; index < layout.chunks; index++) {
    const { from, to } = chunkSpan(layout, index);
    pieces.push(await reader.chunk(index, stored.subarray(from, to)));
  }
  return concatBytes(...pieces);
}

const refused = { problem: "file_altered" };

describe("F1 what is stored of a file", () => {
  test.each([1, 255, 257, 1025, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77])(
    "F1 opens as what was sealed: %i bytes",
    async (size) => {
      const plain = plainOf(size);
      const { file, stored } = await sealed(sourceOf(plain));
      expect(stored.length).toBe(layoutOf(size).bytes);
      expect(file.size).toBe(size);
      expect(equalBytes(await opened(file, stored), plain)).toBe(true);
    },
  );

  test("M8, F1 is of the same length for sizes that are padded alike", () => {
    expect(layoutOf(100_000).bytes).toBe(layoutOf(100_352).bytes);
    expect(layoutOf(100_000).bytes).not.toBe(layoutOf(100_353).bytes);
  });

  test("F1 chunks and parts follow each other and are all there is, whatever its size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LIMITS.fileBytesMax }), (size) => {
        const layout = layoutOf(size);
        let at = 0;
        for (let index = 0; index < layout.chunks; index++) {
          const span = chunkSpan(layout, index);
          const { from, to } = plainSpan(layout, index);
          expect([span.from, span.to - span.from]).toEqual([at, to - from + 16]);
          at = span.to;
        }
        expect([at, layout.bytes]).toEqual([layout.sealed, at + layout.chunks * HASH]);
        at = 0;
        for (let part = 1; part <= layout.parts; part++) {
          const span = partSpan(layout, part);
          expect(span.from).toBe(at);
          expect(span.to).toBeGreaterThan(at);
          at = span.to;
        }
        expect(at).toBe(layout.bytes);
      }),
    );
  });

  test("E8 no key seals two chunks under one nonce, and no two files have one key", async () => {
    crypto.used.length = 0;
    await sealed(sourceOf(plainOf(3 * CHUNK)));
    await sealed(sourceOf(plainOf(3 * CHUNK)));
    expect(crypto.used).toHaveLength(6);
    expect(new Set(crypto.used).size).toBe(6);
  });

  test("F1 a nonce says which chunk it is, and the last one's that it is the last", () => {
    const layout = layoutOf(3 * CHUNK);
    expect([...nonceOf(layout, 1)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...nonceOf(layout, 2)]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
});

describe("F1 refuses what was not sealed so", async () => {
  const plain = plainOf(2 * CHUNK + 5_000);
  const { file, stored } = await sealed(sourceOf(plain));
  const layout = layoutOf(file.size);
  const other = await sealed(sourceOf(plainOf(2 * CHUNK + 5_000)));
  const first = chunkSpan(layout, 0);
  const second = chunkSpan(layout, 1);
  const swapped = concatBytes(
    stored.subarray(second.from, second.to),
    stored.subarray(first.from, first.to),
    stored.subarray(second.to),
  );
  const flipped = (at: number) => {
    const bytes = stored.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };

  test("F1 as it is, it opens", async () => {
    expect(equalBytes(await opened(file, stored), plain)).toBe(true);
  });

  test.each([
    ["a chunk that was altered", file, flipped(CHUNK + 100)],
    ["chunks that changed places", file, swapped],
    ["a trailer that was altered", file, flipped(stored.length - 1)],
    [
      "a trailer of another file",
      file,
      concatBytes(stored.subarray(0, layout.sealed), other.stored.subarray(layout.sealed)),
    ],
    ["a file that was cut off", file, stored.subarray(0, stored.length - 1)],
    ["a file with more behind it", file, concatBytes(stored, new Uint8Array(1))],
    [
      "the chunks of another file",
      file,
      concatBytes(other.stored.subarray(0, layout.sealed), stored.subarray(layout.sealed)),
    ],
    ["another key", { ...file, key: other.file.key }, stored],
    ["another trailer's hash", { ...file, trailer: other.file.trailer }, stored],
    ["a size of fewer chunks", { ...file, size: CHUNK }, stored],
    ["a size of more chunks", { ...file, size: 4 * CHUNK }, stored],
    ["a size that is padded otherwise", { ...file, size: file.size + 200_000 }, stored],
  ])("F1 %s", async (_, said, bytes) => {
    await expect(opened(said, bytes)).rejects.toMatchObject(refused);
  });

  test("F1 a range verifies alone, and what is wrong elsewhere does not matter to it", async () => {
    const reader = await openFile(crypto, file, stored.subarray(layout.sealed));
    const { from, to } = second;
    const broken = flipped(10);
    const chunk = await reader.chunk(1, broken.subarray(from, to));
    expect(equalBytes(chunk, plain.subarray(CHUNK, 2 * CHUNK))).toBe(true);
    expect(await reader.isChunk(1, stored.subarray(from, to))).toBe(true);
    expect(await reader.isChunk(0, broken.subarray(first.from, first.to))).toBe(false);
    expect(await reader.isChunk(1, stored.subarray(from, to - 1))).toBe(false);
    await expect(reader.chunk(0, stored.subarray(from, to))).rejects.toMatchObject(refused);
  });

  test("F1 a chunk that its hash vouches for but that its key does not open", async () => {
    // What an author does who says one file's key and another one's trailer.
    const said = { ...other.file, key: file.key };
    await expect(opened(said, other.stored)).rejects.toMatchObject(refused);
  });

  test("F1 a chunk that its key opens but that its author's trailer does not name", async () => {
    const hashes = stored.slice(layout.sealed);
    hashes[0] = (hashes[0] ?? 0) ^ 1;
    const said = { ...file, trailer: await trailerHash(crypto, hashes) };
    const reader = await openFile(crypto, said, hashes);
    await expect(reader.chunk(0, stored.subarray(first.from, first.to))).rejects.toMatchObject(
      refused,
    );
    expect((await reader.chunk(1, stored.subarray(second.from, second.to))).length).toBe(CHUNK);
  });

  test("F1 any one bit of what is stored", async () => {
    const small = await sealed(sourceOf(plainOf(300)));
    await fc.assert(
      fc.asyncProperty(fc.nat(small.stored.length * 8 - 1), async (bit) => {
        const bytes = small.stored.slice();
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await expect(opened(small.file, bytes)).rejects.toMatchObject(refused);
      }),
    );
  });
});

describe("F1 a source that changes while it is read", () => {
  const plain = plainOf(3 * CHUNK);

  test("F1 is refused where it has become shorter", async () => {
    const shrinking: Source = {
      size: plain.length,
      read: (from, to) => Promise.resolve(plain.subarray(from, Math.min(to, 2 * CHUNK))),
    };
    await expect(sealed(shrinking)).rejects.toMatchObject({ problem: "file_changed" });
  });

  test("F1 ends with what its reading says, at whichever chunk", async () => {
    for (const failing of [0, 1, 2]) {
      const source: Source = {
        size: plain.length,
        read: (from, to) =>
          from === failing * CHUNK
            ? Promise.reject(new RangeError("gone"))
            : Promise.resolve(plain.subarray(from, to)),
      };
      await expect(sealed(source)).rejects.toThrow("gone");
    }
  });
});
