import { type Fields, fieldsOf } from "./source.ts";

/** How a picture is turned to stand upright (Exif 2.32, tag 0x0112); 1: not at all. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION = 0x0112;
const SHORT = 3;

const asOrientation = (value: number): Orientation => {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value;
    default:
      return 1;
  }
};

function orientationIn(tiff: Fields): Orientation {
  const isLittle = tiff.text(0, 2) === "II";
  const u16 = (at: number) => (isLittle ? tiff.u16le(at) : tiff.u16(at));
  const u32 = (at: number) => (isLittle ? tiff.u32le(at) : tiff.u32(at));
  const directory = u32(4);
  const count = u16(directory);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + i * 12;
    if (u16(at) === ORIENTATION && u16(at + 2) === SHORT) return asOrientation(u16(at + 8));
  }
  return 1;
}

/** What a TIFF block (as Exif has it) says of the orientation; one that cannot be read says nothing. */
export function orientationOf(tiff: Uint8Array): Orientation {
  try {
    return orientationIn(fieldsOf(tiff));
  } catch {
    return 1;
  }
}

/** Whether its sides change places when it is turned. */
export const isSideways = (orientation: Orientation): boolean => orientation >= 5;

/** A TIFF block that says the orientation and nothing else. */
export function orientationTiff(orientation: Orientation): Uint8Array {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4d4d);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return bytes;
}
