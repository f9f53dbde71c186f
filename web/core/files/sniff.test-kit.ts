/** Files of each format as small as they can be, made here. */
import { concatBytes } from "../../../workers/protocol/bytes.ts";

export const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

const be32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};
const le = (value: number, width: 2 | 4): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes.subarray(0, width);
};

/** A box of ISO BMFF. */
export const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const inner = concatBytes(...content);
  return concatBytes(be32(8 + inner.length), bytesOf(type), inner);
};

const handler = (type: string): Uint8Array =>
  box("hdlr", new Uint8Array(8), bytesOf(type), new Uint8Array(12));
const track = (type: string): Uint8Array => box("trak", box("mdia", handler(type)));

export const mp4 = (brand: string, tracks: readonly string[]): Uint8Array =>
  concatBytes(
    box("ftyp", bytesOf(brand), new Uint8Array(4), bytesOf("isom")),
    box("mdat", new Uint8Array(40)),
    box("moov", box("mvhd", new Uint8Array(20)), ...tracks.map(track)),
  );

export const heif = (brand: string, sides: readonly (readonly [number, number])[]): Uint8Array => {
  const extents = sides.map(([width, height]) =>
    box("ispe", new Uint8Array(4), be32(width), be32(height)),
  );
  return concatBytes(
    box("ftyp", bytesOf(brand), new Uint8Array(4), bytesOf("mif1")),
    box("meta", new Uint8Array(4), box("iprp", box("ipco", ...extents))),
    box("mdat", new Uint8Array(10)),
  );
};

/** An element of EBML with a length of one or eight bytes, or of a length that is not known. */
const element = (id: readonly number[], content: Uint8Array, isOpen = false): Uint8Array => {
  const size = isOpen
    ? new Uint8Array([0x01, 255, 255, 255, 255, 255, 255, 255])
    : concatBytes(new Uint8Array([0x01, 0, 0, 0]), be32(content.length));
  return concatBytes(new Uint8Array(id), size, content);
};

export const webm = (docType: string, tracks: readonly number[]): Uint8Array =>
  concatBytes(
    element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], bytesOf(docType))),
    element(
      [0x18, 0x53, 0x80, 0x67],
      concatBytes(
        element([0x15, 0x49, 0xa9, 0x66], new Uint8Array(10)),
        element(
          [0x16, 0x54, 0xae, 0x6b],
          concatBytes(
            ...tracks.map((type) => element([0xae], element([0x83], new Uint8Array([type])))),
          ),
        ),
        element([0x1f, 0x43, 0xb6, 0x75], new Uint8Array(50)),
      ),
      true,
    ),
  );

const page = (flags: number, packet: Uint8Array): Uint8Array =>
  concatBytes(
    bytesOf("OggS\0"),
    new Uint8Array([flags]),
    new Uint8Array(20),
    new Uint8Array([1, packet.length]),
    packet,
  );

export const ogg = (codecs: readonly string[]): Uint8Array =>
  concatBytes(
    ...codecs.map((codec) => page(2, concatBytes(bytesOf(codec), new Uint8Array(12)))),
    page(0, new Uint8Array(30)),
  );

/** A ZIP of empty files. */
export function zip(names: readonly string[], before = "", behind = ""): Uint8Array {
  const local: Uint8Array[] = [bytesOf(before)];
  const central: Uint8Array[] = [];
  for (const name of names) {
    const head = concatBytes(le(0x04034b50, 4), new Uint8Array(22), le(name.length, 2), le(0, 2));
    local.push(head, bytesOf(name));
    central.push(
      concatBytes(le(0x02014b50, 4), new Uint8Array(24), le(name.length, 2), new Uint8Array(16)),
      bytesOf(name),
    );
  }
  const start = concatBytes(...local);
  const directory = concatBytes(...central);
  const end = concatBytes(
    le(0x06054b50, 4),
    new Uint8Array(4),
    le(names.length, 2),
    le(names.length, 2),
    le(directory.length, 4),
    le(start.length, 4),
    le(behind.length, 2),
  );
  return concatBytes(start, directory, end, bytesOf(behind));
}

export const WORD = ["[Content_Types].xml", "word/document.xml"];
export const SHEET = [
  "[Content_Types].xml",
  "xl/workbook.xml",
  "xl/printerSettings/printerSettings1.bin",
];
