import { FileError } from "./refused.ts";
import { type Source, fieldsOf, readWithin } from "./source.ts";

/** One box (ISO/IEC 14496-12 section 4.2) by where its content lies. */
interface Box {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** More boxes than a file has at one level, and more bytes than tracks are described in. */
const BOXES = 4_096;
const DESCRIPTION = 16 * 1024 * 1024;

/** Boxes of a file at its outermost level; of each only its head is read. */
async function outerBoxes(source: Source, wanted: (box: Box) => boolean): Promise<Box | null> {
  let at = 0;
  for (let count = 0; count < BOXES && at + 8 <= source.size; count++) {
    const head = fieldsOf(await readWithin(source, at, at + 16));
    const short = head.u32(0);
    const isLong = short === 1;
    const size = isLong ? head.u32(8) * 2 ** 32 + head.u32(12) : short;
    const to = size === 0 ? source.size : at + size;
    const from = at + (isLong ? 16 : 8);
    const box = { type: head.text(4, 4), from, to };
    if (wanted(box)) return box;
    at = to;
  }
  return null;
}

/** Boxes within bytes that are read already. */
export function boxesIn(
  bytes: Uint8Array,
): { readonly type: string; readonly bytes: Uint8Array }[] {
  const fields = fieldsOf(bytes);
  const boxes: { type: string; bytes: Uint8Array }[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < BOXES; ) {
    const size = fields.u32(at) || bytes.length - at;
    boxes.push({ type: fields.text(at + 4, 4), bytes: fields.slice(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

/** The content of a box at the outermost level, if it has at most so many bytes. Throws FileError `file_damaged`. */
export async function outerBox(source: Source, type: string): Promise<Uint8Array> {
  const box = await outerBoxes(source, (one) => one.type === type);
  if (!box || box.to - box.from > DESCRIPTION) throw new FileError("file_damaged", type);
  return readWithin(source, box.from, box.to);
}

const within = (bytes: Uint8Array, type: string): Uint8Array[] =>
  boxesIn(bytes).flatMap((box) => (box.type === type ? [box.bytes] : []));

const HEIC = new Set([
  "heic",
  "heix",
  "heim",
  "heis",
  "hevc",
  "hevx",
  "hevm",
  "hevs",
  "mif1",
  "msf1",
]);
const AVIF = new Set(["avif", "avis"]);

/** By its brands a picture, else by its tracks audio. A file of brands alone would be whatever it says. */
export async function sniffIso(source: Source): Promise<"image/heic" | "image/avif" | "audio/mp4"> {
  const kind = await outerBox(source, "ftyp");
  const brands: string[] = [];
  const fields = fieldsOf(kind);
  // The second four bytes are a version.
  for (let at = 0; at + 4 <= kind.length; at += 4) if (at !== 4) brands.push(fields.text(at, 4));
  if (brands.some((brand) => AVIF.has(brand))) return "image/avif";
  if (HEIC.has(brands[0] ?? "")) return "image/heic";
  const handlers = within(await outerBox(source, "moov"), "trak")
    .flatMap((track) => within(track, "mdia"))
    .flatMap((media) => within(media, "hdlr"))
    .map((handler) => fieldsOf(handler).text(8, 4));
  if (handlers.some((handler) => handler === "vide" || handler === "pict")) {
    throw new FileError("file_video");
  }
  const isAudio = handlers.length > 0 && handlers.every((handler) => handler === "soun");
  if (!isAudio) throw new FileError("file_type", handlers.join());
  return "audio/mp4";
}
