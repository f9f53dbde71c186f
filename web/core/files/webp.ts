import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { type Orientation, orientationOf, orientationTiff } from "./exif.ts";
import { FileError } from "./refused.ts";
import { type Fields, fieldsOf } from "./source.ts";

/** Flags of VP8X (RFC 9649 section 2.7). */
const ANIMATION = 0x02;
const XMP = 0x04;
const EXIF = 0x08;
const FRAME_HEAD = 16;

const PAINTS = new Set(["VP8 ", "VP8L", "ALPH"]);

interface Chunk {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

function* chunksIn(webp: Fields, start: number, end: number): Generator<Chunk> {
  for (let at = start; at + 8 <= end; ) {
    const from = at + 8;
    const to = from + webp.u32le(at + 4);
    if (to > end) throw new FileError("file_damaged", "chunk");
    yield { type: webp.text(at, 4), from, to };
    at = to + (to % 2);
  }
}

/** Chunks up to the end that its head names; what stands behind that is not part of the picture. */
function chunks(webp: Fields): Generator<Chunk> {
  const end = 8 + webp.u32le(4);
  if (end > webp.length) throw new FileError("file_damaged", "cut off");
  return chunksIn(webp, 12, end);
}

const orientationIn = (webp: Fields, { from, to }: Chunk): Orientation => {
  // Some programs write the name that JPEG needs before it.
  const isNamed = to - from >= 6 && webp.text(from, 6) === "Exif\0\0";
  return orientationOf(webp.slice(isNamed ? from + 6 : from, to));
};

function sidesOf(webp: Fields, { type, from }: Chunk) {
  switch (type) {
    case "VP8X":
      return { width: webp.u24le(from + 4) + 1, height: webp.u24le(from + 7) + 1 };
    case "VP8L": {
      const bits = webp.u32le(from + 1);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: webp.u16le(from + 6) & 0x3fff, height: webp.u16le(from + 8) & 0x3fff };
    default:
      throw new FileError("file_damaged", "first chunk");
  }
}

/** Sides as its first chunk says, which binds the decoder, and whether it moves. */
export function measureWebp(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
} {
  const webp = fieldsOf(bytes);
  const type = webp.text(12, 4);
  const first = { type, from: 20, to: 20 + webp.u32le(16) };
  const { width, height } = sidesOf(webp, first);
  const isAnimated = type === "VP8X" && (webp.u8(20) & ANIMATION) !== 0;
  return { width, height, isAnimated };
}

const chunkOf = (type: string, content: Uint8Array): Uint8Array => {
  const head = new Uint8Array(8);
  for (let i = 0; i < 4; i++) head[i] = type.charCodeAt(i);
  new DataView(head.buffer).setUint32(4, content.length, true);
  return concatBytes(head, content, new Uint8Array(content.length % 2));
};

/** A frame of an animation with what paints of it. */
function frameOf(webp: Fields, { from, to }: Chunk): Uint8Array {
  const painting = [...chunksIn(webp, from + FRAME_HEAD, to)]
    .filter(({ type }) => PAINTS.has(type))
    .map((chunk) => chunkOf(chunk.type, webp.slice(chunk.from, chunk.to)));
  return concatBytes(webp.slice(from, from + FRAME_HEAD), ...painting);
}

function headOf(webp: Fields, { from }: Chunk, orientation: Orientation): Uint8Array {
  const head = webp.slice(from, from + 10).slice();
  const flags = (head[0] ?? 0) & ~(XMP | EXIF);
  head[0] = orientation === 1 ? flags : flags | EXIF;
  return head;
}

/** F2: the same pixels and frames, upright as before, and nothing else. */
export function stripWebp(bytes: Uint8Array): Uint8Array {
  const webp = fieldsOf(bytes);
  const all = [...chunks(webp)];
  const exif = all.find(({ type }) => type === "EXIF");
  const orientation = exif ? orientationIn(webp, exif) : 1;
  const kept = all.flatMap((chunk) => {
    const content = (): Uint8Array => webp.slice(chunk.from, chunk.to);
    switch (chunk.type) {
      case "VP8X":
        return [chunkOf("VP8X", headOf(webp, chunk, orientation))];
      case "ANMF":
        return [chunkOf("ANMF", frameOf(webp, chunk))];
      case "VP8 ":
      case "VP8L":
      case "ALPH":
      case "ANIM":
      case "ICCP":
        return [chunkOf(chunk.type, content())];
      default:
        return [];
    }
  });
  if (!all.some(({ type }) => type === "VP8 " || type === "VP8L" || type === "ANMF")) {
    throw new FileError("file_damaged", "no pixels");
  }
  // Only a file with an extended head may have one.
  const isExtended = all[0]?.type === "VP8X";
  const turn =
    orientation !== 1 && isExtended ? [chunkOf("EXIF", orientationTiff(orientation))] : [];
  const body = concatBytes(...kept, ...turn);
  return chunkOf("RIFF", concatBytes(webp.slice(8, 12), body));
}
