import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { type Orientation, isSideways, orientationOf, orientationTiff } from "./exif.ts";
import { FileError } from "./refused.ts";
import { type Fields, fieldsOf } from "./source.ts";

const SIGNATURE = 8;

/** What paints: pixels, colours, frames. Everything else (text, time, Exif, what nobody knows) goes. */
const KEPT = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "cHRM",
  "sRGB",
  "iCCP",
  "cICP",
  "sBIT",
  "bKGD",
  "pHYs",
  "acTL",
  "fcTL",
  "fdAT",
]);

interface Chunk {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** Chunks up to the last one; what stands behind it is not part of the picture. */
function* chunks(png: Fields): Generator<Chunk> {
  for (let from = SIGNATURE; ; ) {
    const to = from + 12 + png.u32(from);
    const type = png.text(from + 4, 4);
    yield { type, from, to };
    if (type === "IEND") return;
    from = to;
  }
}

const orientationIn = (png: Fields, { type, from, to }: Chunk): Orientation | null =>
  type === "eXIf" ? orientationOf(png.slice(from + 8, to - 4)) : null;

/** Sides as it is seen, and whether it moves. Reads no further than its first pixels. */
export function measurePng(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
} {
  const png = fieldsOf(bytes);
  if (png.text(SIGNATURE + 4, 4) !== "IHDR") throw new FileError("file_damaged", "IHDR");
  const [width, height] = [png.u32(16), png.u32(20)];
  let orientation: Orientation = 1;
  let isAnimated = false;
  for (const chunk of chunks(png)) {
    if (chunk.type === "IDAT") break;
    isAnimated ||= chunk.type === "acTL";
    orientation = orientationIn(png, chunk) ?? orientation;
  }
  const upright = isSideways(orientation) ? { width: height, height: width } : { width, height };
  return { ...upright, isAnimated };
}

/** CRC-32 (ISO/IEC 15948 annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function orientationChunk(orientation: Orientation): Uint8Array {
  const tiff = orientationTiff(orientation);
  const chunk = new Uint8Array(12 + tiff.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, tiff.length);
  chunk.set([0x65, 0x58, 0x49, 0x66], 4);
  chunk.set(tiff, 8);
  view.setUint32(8 + tiff.length, crc32(chunk.subarray(4, 8 + tiff.length)));
  return chunk;
}

/** F2: the same pixels and frames, upright as before, and nothing else. */
export function stripPng(bytes: Uint8Array): Uint8Array {
  const png = fieldsOf(bytes);
  const kept: Uint8Array[] = [];
  let orientation: Orientation | null = null;
  let hasPixels = false;
  for (const chunk of chunks(png)) {
    const whole = png.slice(chunk.from, chunk.to);
    orientation ??= orientationIn(png, chunk);
    hasPixels ||= chunk.type === "IDAT";
    if (KEPT.has(chunk.type)) kept.push(whole);
  }
  if (!hasPixels) throw new FileError("file_damaged", "no pixels");
  const turn = orientation !== null && orientation !== 1 ? [orientationChunk(orientation)] : [];
  // The header is the first chunk.
  return concatBytes(png.slice(0, SIGNATURE), ...kept.slice(0, 1), ...turn, ...kept.slice(1));
}
