/** F2: pictures by their bytes, before anything decodes them. */
import type { Content } from "./sniff.ts";
import type { FileType } from "./file-type.ts";
import { measureGif, stripGif } from "./gif.ts";
import { measureJpeg, stripJpeg } from "./jpeg.ts";
import { measurePng, stripPng } from "./png.ts";
import { FileError } from "./refused.ts";
import { boxesIn, outerBox } from "./sniff-iso.ts";
import { fieldsOf, sourceOf } from "./source.ts";
import { measureWebp, stripWebp } from "./webp.ts";

/** As many as a good camera takes; each costs four bytes when it is decoded. */
export const PIXELS_MOST = 50_000_000;

export interface Measured {
  readonly width: number;
  readonly height: number;
  /** as such it is never decoded and made anew */
  readonly isAnimated: boolean;
}

export type PictureType = Extract<FileType, `image/${string}`>;
type PictureContent = Extract<Content, `image/${string}`>;

export const isPicture = (content: Content): content is PictureContent =>
  content.startsWith("image/");

/** The largest of the extents that a HEIF file has: those of tiles and thumbnails are smaller (ISO/IEC 23008-12). */
async function measureHeif(bytes: Uint8Array): Promise<Measured> {
  // A full box: four bytes of version and flags come first.
  const meta = (await outerBox(sourceOf(bytes), "meta")).subarray(4);
  const extents = boxesIn(meta)
    .filter(({ type }) => type === "iprp")
    .flatMap((box) => boxesIn(box.bytes).filter(({ type }) => type === "ipco"))
    .flatMap((box) => boxesIn(box.bytes).filter(({ type }) => type === "ispe"))
    .map((box) => fieldsOf(box.bytes))
    .map((extent) => ({ width: extent.u32(4), height: extent.u32(8), isAnimated: false }));
  const area = (one: Measured): number => one.width * one.height;
  const largest = extents.sort((a, b) => area(b) - area(a))[0];
  if (!largest) throw new FileError("file_damaged", "no extent");
  return largest;
}

async function sidesOf(content: PictureContent, bytes: Uint8Array): Promise<Measured> {
  switch (content) {
    case "image/jpeg":
      return { ...measureJpeg(bytes), isAnimated: false };
    case "image/gif":
      return { ...measureGif(bytes), isAnimated: true };
    case "image/png":
      return measurePng(bytes);
    case "image/webp":
      return measureWebp(bytes);
    case "image/heic":
    case "image/avif":
      return measureHeif(bytes);
  }
}

/**
 * F2: how large a picture is, from its head. Throws FileError `file_pixels` for one that is not to be decoded,
 * `file_damaged` where its head is not here, or broken.
 */
export async function measure(content: PictureContent, bytes: Uint8Array): Promise<Measured> {
  const measured = await sidesOf(content, bytes);
  const { width, height } = measured;
  if (width === 0 || height === 0) throw new FileError("file_damaged", "no pixels");
  if (width * height > PIXELS_MOST) throw new FileError("file_pixels", `${width} x ${height}`);
  return measured;
}

/** F2: the same picture without anything that was noted in it. Throws FileError `file_damaged` where it is cut off. */
export function stripped(type: PictureType, bytes: Uint8Array): Uint8Array {
  switch (type) {
    case "image/jpeg":
      return stripJpeg(bytes);
    case "image/png":
      return stripPng(bytes);
    case "image/webp":
      return stripWebp(bytes);
    case "image/gif":
      return stripGif(bytes);
  }
}
