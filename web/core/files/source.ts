import { FileError } from "./refused.ts";

/** Bytes that are read piece by piece, so that a file is never in memory as a whole. */
export interface Source {
  readonly size: number;
  /** The bytes from `from` up to `to`. Throws FileError `file_changed` where they cannot be read any more. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** As {@link Source.read}, of what lies within it, and as many as were asked for. */
export async function readWithin(source: Source, from: number, to: number): Promise<Uint8Array> {
  const end = Math.min(to, source.size);
  if (from >= end) return new Uint8Array();
  const bytes = await source.read(from, end);
  if (bytes.length !== end - from) throw new FileError("file_changed");
  return bytes;
}

export const sourceOf = (bytes: Uint8Array): Source => ({
  size: bytes.length,
  read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
});

export const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Numbers of a format; every one of them lies within, or the file is `file_damaged`. */
export interface Fields {
  readonly length: number;
  u8(at: number): number;
  u16(at: number): number;
  u24le(at: number): number;
  u32(at: number): number;
  u16le(at: number): number;
  u32le(at: number): number;
  text(at: number, length: number): string;
  slice(from: number, to: number): Uint8Array;
}

export function fieldsOf(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const within = <T>(at: number, length: number, read: () => T): T => {
    if (at < 0 || length < 0 || at + length > bytes.length) throw new FileError("file_damaged");
    return read();
  };
  return {
    length: bytes.length,
    u8: (at) => within(at, 1, () => view.getUint8(at)),
    u16: (at) => within(at, 2, () => view.getUint16(at)),
    u24le: (at) => within(at, 3, () => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)),
    u32: (at) => within(at, 4, () => view.getUint32(at)),
    u16le: (at) => within(at, 2, () => view.getUint16(at, true)),
    u32le: (at) => within(at, 4, () => view.getUint32(at, true)),
    text: (at, length) => within(at, length, () => ascii(bytes.subarray(at, at + length))),
    slice: (from, to) => within(from, to - from, () => bytes.subarray(from, to)),
  };
}
