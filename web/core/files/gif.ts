import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { FileError } from "./refused.ts";
import { type Fields, fieldsOf } from "./source.ts";

/** Blocks of GIF89a, appendix A. */
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const END = 0x3b;
const CONTROL = 0xf9;
const APPLICATION = 0xff;
const HEAD = 13;

/** How often an animation is shown; every browser knows it by these two names. */
const LOOPS = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]);

const tableLength = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

/** Where a row of blocks ends, each behind its length. */
function blocksEnd(gif: Fields, from: number): number {
  let at = from;
  for (let length = gif.u8(at); length > 0; length = gif.u8(at)) at += 1 + length;
  return at + 1;
}

export function measureGif(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const gif = fieldsOf(bytes);
  return { width: gif.u16le(6), height: gif.u16le(8) };
}

/** The block that says how often it is shown, if this is one, and nothing that stands beside that. */
function loopOf(gif: Fields, at: number): Uint8Array | null {
  const isLoop = gif.u8(at + 2) === 11 && LOOPS.has(gif.text(at + 3, 11));
  if (!isLoop || gif.u8(at + 14) !== 3 || gif.u8(at + 15) !== 1) return null;
  return concatBytes(gif.slice(at, at + 18), new Uint8Array(1));
}

function extensionOf(gif: Fields, at: number, to: number): Uint8Array | null {
  switch (gif.u8(at + 1)) {
    case CONTROL:
      return gif.slice(at, to);
    case APPLICATION:
      return loopOf(gif, at);
    default:
      return null;
  }
}

/** F2: the same frames at the same pace, and nothing else: no comment, no text, no application's data but the loop. */
export function stripGif(bytes: Uint8Array): Uint8Array {
  const gif = fieldsOf(bytes);
  const start = HEAD + tableLength(gif.u8(10));
  const kept: Uint8Array[] = [gif.slice(0, start)];
  let images = 0;
  for (let at = start; ; ) {
    const block = gif.u8(at);
    if (block === END) break;
    if (block === EXTENSION) {
      const to = blocksEnd(gif, at + 2);
      const piece = extensionOf(gif, at, to);
      if (piece) kept.push(piece);
      at = to;
    } else if (block === IMAGE) {
      const to = blocksEnd(gif, at + 10 + tableLength(gif.u8(at + 9)) + 1);
      kept.push(gif.slice(at, to));
      images += 1;
      at = to;
    } else throw new FileError("file_damaged", "block");
  }
  if (images === 0) throw new FileError("file_damaged", "no image");
  return concatBytes(...kept, new Uint8Array([END]));
}
