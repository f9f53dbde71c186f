import { FileError } from "./refused.ts";
import { type Source, ascii, readWithin } from "./source.ts";

/** Tracks stand before the first cluster; so much is looked through. */
const HEAD = 256 * 1024;

const HEADER = 0x1a45dfa3;
const DOC_TYPE = 0x4282;
const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO = 1;
const AUDIO = 2;

/** One element (RFC 8794 section 6); of a length that is not known it reaches to the end of what was read. */
interface Element {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly next: number;
}

/** Bytes of a number by its first byte, 0 if it is none. */
const widthOf = (first: number): number => (first === 0 ? 0 : Math.clz32(first) - 23);

function elementAt(bytes: Uint8Array, at: number): Element | null {
  const idWidth = widthOf(bytes[at] ?? 0);
  const sizeAt = at + idWidth;
  const sizeWidth = widthOf(bytes[sizeAt] ?? 0);
  const from = sizeAt + sizeWidth;
  if (idWidth === 0 || idWidth > 4 || sizeWidth === 0 || from > bytes.length) return null;
  let id = 0;
  for (let i = at; i < sizeAt; i++) id = id * 256 + (bytes[i] ?? 0);
  let size = (bytes[sizeAt] ?? 0) & (0xff >> sizeWidth);
  let isKnown = size !== 0xff >> sizeWidth;
  for (let i = sizeAt + 1; i < from; i++) {
    size = size * 256 + (bytes[i] ?? 0);
    isKnown ||= bytes[i] !== 0xff;
  }
  const next = isKnown ? from + size : bytes.length;
  return { id, bytes: bytes.subarray(from, next), next };
}

function* elements(bytes: Uint8Array): Generator<Element> {
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element) return;
    yield element;
    at = element.next;
  }
}

const all = (bytes: Uint8Array, id: number): Uint8Array[] =>
  [...elements(bytes)].flatMap((one) => (one.id === id ? [one.bytes] : []));

/** By its tracks: a WebM with sound alone. */
export async function sniffWebm(source: Source): Promise<"audio/webm"> {
  const head = await readWithin(source, 0, HEAD);
  const types = all(head, HEADER).flatMap((header) => all(header, DOC_TYPE));
  const isWebm = types.length === 1 && types.every((type) => ascii(type) === "webm");
  const tracks = all(head, SEGMENT)
    .flatMap((segment) => all(segment, TRACKS))
    .flatMap((list) => all(list, TRACK))
    .map((track) => all(track, TRACK_TYPE).at(0)?.at(-1));
  if (tracks.includes(VIDEO)) throw new FileError("file_video");
  if (!isWebm) throw new FileError("file_type", "matroska");
  if (tracks.length === 0) throw new FileError("file_damaged", "no tracks");
  if (!tracks.every((track) => track === AUDIO)) throw new FileError("file_type", "tracks");
  return "audio/webm";
}
