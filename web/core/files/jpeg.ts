import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { type Orientation, isSideways, orientationOf, orientationTiff } from "./exif.ts";
import { FileError } from "./refused.ts";
import { type Fields, ascii, fieldsOf } from "./source.ts";

/** Markers of ITU-T T.81, table B.1. */
const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const EXIF = "Exif\0\0";

/** A marker with what belongs to it, a scan with its data. */
interface Segment {
  readonly marker: number;
  readonly from: number;
  /** where what its length counts ends; of a scan its data goes on from here */
  readonly head: number;
  readonly to: number;
}

const isRestart = (marker: number): boolean => (marker & 0xf8) === 0xd0;
/** Of the sixteen, three begin tables or are reserved. */
const isFrame = (marker: number): boolean =>
  (marker & 0xf0) === 0xc0 && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function scanEnd(jpeg: Fields, from: number): number {
  for (let at = from; ; at++) {
    if (jpeg.u8(at) !== 0xff) continue;
    const next = jpeg.u8(at + 1);
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
}

/** What it is made of up to its end; what stands behind that is not part of it. Throws FileError `file_damaged`. */
function* segments(jpeg: Fields): Generator<Segment> {
  for (let at = 2; ; ) {
    if (jpeg.u8(at) !== 0xff) throw new FileError("file_damaged", "marker");
    while (jpeg.u8(at + 1) === 0xff) at += 1;
    const marker = jpeg.u8(at + 1);
    if (marker === END) return;
    if (marker === START || marker < 0xc0) throw new FileError("file_damaged", "marker");
    const length = jpeg.u16(at + 2);
    const head = at + 2 + length;
    const to = marker === SCAN ? scanEnd(jpeg, head) : head;
    yield { marker, from: at, head, to };
    at = to;
  }
}

const begins = (jpeg: Fields, { from, head }: Segment, name: string): boolean =>
  ascii(jpeg.slice(from, head)).startsWith(name, 4);

const exifOrientation = (jpeg: Fields, segment: Segment): Orientation | null =>
  segment.marker === APP1 && begins(jpeg, segment, EXIF)
    ? orientationOf(jpeg.slice(segment.from + 4 + EXIF.length, segment.head))
    : null;

/** Sides as it is seen: upright. Reads no further than its frame header. */
export function measureJpeg(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
} {
  const jpeg = fieldsOf(bytes);
  let orientation: Orientation = 1;
  for (const segment of segments(jpeg)) {
    orientation = exifOrientation(jpeg, segment) ?? orientation;
    if (!isFrame(segment.marker)) continue;
    const height = jpeg.u16(segment.from + 5);
    const width = jpeg.u16(segment.from + 7);
    return isSideways(orientation) ? { width: height, height: width } : { width, height };
  }
  throw new FileError("file_damaged", "no frame");
}

/** What a decoder needs: tables, frames and scans, the colour profile, Adobe's note on colours, and a bare JFIF. */
function keptOf(jpeg: Fields, segment: Segment): Uint8Array | null {
  const { marker, from, to } = segment;
  const whole = jpeg.slice(from, to);
  if (marker === APP0 && begins(jpeg, segment, "JFIF\0") && whole.length >= 18) {
    // Without the thumbnail, which may show what was cut off.
    const bare = whole.slice(0, 18);
    bare.set([0, 16], 2);
    bare.set([0, 0], 16);
    return bare;
  }
  if (marker === APP2 && begins(jpeg, segment, "ICC_PROFILE\0")) return whole;
  if (marker === APP14 && begins(jpeg, segment, "Adobe")) return whole;
  return marker >= APP0 ? null : whole;
}

const orientationSegment = (orientation: Orientation): Uint8Array => {
  const tiff = orientationTiff(orientation);
  const length = 2 + EXIF.length + tiff.length;
  const name = Uint8Array.from(EXIF, (character) => character.charCodeAt(0));
  return concatBytes(new Uint8Array([0xff, APP1, length >> 8, length & 0xff]), name, tiff);
};

/** F2: the same pixels, upright as before, and nothing else: no Exif, XMP, IPTC, comment or second picture. */
export function stripJpeg(bytes: Uint8Array): Uint8Array {
  const jpeg = fieldsOf(bytes);
  let orientation: Orientation | null = null;
  let hasScan = false;
  const kept: Uint8Array[] = [];
  for (const segment of segments(jpeg)) {
    orientation ??= exifOrientation(jpeg, segment);
    hasScan ||= segment.marker === SCAN;
    const piece = keptOf(jpeg, segment);
    if (piece) kept.push(piece);
  }
  if (!hasScan) throw new FileError("file_damaged", "no scan");
  const turn = orientation !== null && orientation !== 1 ? [orientationSegment(orientation)] : [];
  return concatBytes(new Uint8Array([0xff, START]), ...turn, ...kept, new Uint8Array([0xff, END]));
}
