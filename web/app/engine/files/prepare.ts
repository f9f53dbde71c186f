import { WAVEFORM_BYTES, type FileBody } from "../../../core/files/file-body.ts";
import { fileName } from "../../../core/files/file-name.ts";
import { type FileType, keepsMetadata, shapeOf } from "../../../core/files/file-type.ts";
import { type PictureType, isPicture, measure, stripped } from "../../../core/files/picture.ts";
import { FileError } from "../../../core/files/refused.ts";
import { type Content, contentOf } from "../../../core/files/sniff.ts";
import { checkText } from "../../../core/files/sniff-text.ts";
import { type Source, readWithin, sourceOf } from "../../../core/files/source.ts";
import { blobSource } from "../../../platform/files/blob-source.ts";
import { type Decoded, LONGEST, canDecode, decodeImage } from "../../../platform/files/images.ts";
import type { FileOffer, OutgoingFile } from "../../files-view.ts";

/** What is sent, and what its message says of it. */
export interface Prepared {
  readonly source: Source;
  readonly about: Pick<FileBody, "type" | "name" | "image" | "audio" | "voice">;
}

/** Heads of pictures end within this, but for the strangest; those are measured when they are read whole. */
const HEAD = 1024 * 1024;

/** F2: what a picture is sent as: of what only some browsers decode nothing but pixels goes. */
function sentAs(content: Content): FileType {
  switch (content) {
    case "image/heic":
      return "image/jpeg";
    case "image/avif":
      return "image/webp";
    default:
      return content;
  }
}

const isForeign = (content: Content): boolean =>
  content === "image/heic" || content === "image/avif";

/** F2: what a chosen file is, by its first bytes. Throws FileError for what may not be sent. */
export async function inspect(file: Blob, given: string): Promise<FileOffer> {
  const source = blobSource(file);
  const content = await contentOf(source, given);
  const type = sentAs(content);
  const about = { type, name: fileName(given, type), size: file.size, kind: shapeOf(type) };
  const offer = { ...about, keepsMetadata: keepsMetadata(type) };
  if (!isPicture(content)) return { ...offer, image: null, quality: "none" };
  const head = await readWithin(source, 0, HEAD);
  const measured = await measure(content, head).catch((error: unknown) => {
    const isBeyond = error instanceof FileError && error.problem === "file_damaged";
    if (isBeyond && file.size > HEAD) return null;
    throw error;
  });
  const image = measured && { width: measured.width, height: measured.height };
  if (isForeign(content)) return { ...offer, image, quality: "standard" };
  return { ...offer, image, quality: measured?.isAnimated || !canDecode() ? "full" : "either" };
}

const imageOf = ({ width, height, thumb }: Pick<Decoded, "width" | "height" | "thumb">) => ({
  image: { width, height, thumb },
});

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

/** The pixels alone, made anew; smaller unless all of them are wanted. What a canvas notes of itself goes as well. */
async function encoded(
  decoded: Decoded,
  wanted: "image/jpeg" | "image/webp",
  longest: number,
): Promise<{ readonly type: PictureType; readonly bytes: Uint8Array }> {
  const made = await decoded.encode(wanted, longest);
  const bytes = await bytesOf(made);
  // A browser that does not write the one writes PNG.
  const type = await contentOf(sourceOf(bytes), "");
  if (type !== "image/jpeg" && type !== "image/webp" && type !== "image/png") {
    throw new FileError("file_damaged", "canvas");
  }
  return { type, bytes: stripped(type, bytes) };
}

async function preparePicture(
  content: Content & `image/${string}`,
  source: Source,
  { file, name, quality }: OutgoingFile,
): Promise<Prepared> {
  const whole = await readWithin(source, 0, source.size);
  const measured = await measure(content, whole);
  const bare = isForeign(content) ? null : stripped(sentAs(content) as PictureType, whole);
  const decoded = canDecode() ? await decodeImage(file) : null;
  if (!decoded) {
    if (isForeign(content)) throw new FileError("file_heic");
    if (canDecode()) throw new FileError("file_damaged", "decoding");
  }
  try {
    const isKept = bare !== null && (quality === "full" || measured.isAnimated || !decoded);
    if (isKept) {
      const type = sentAs(content);
      const image = decoded ? imageOf(decoded) : {};
      return { source: sourceOf(bare), about: { type, name: fileName(name, type), ...image } };
    }
    if (!decoded) throw new FileError("file_heic");
    const wanted = sentAs(content) === "image/jpeg" ? "image/jpeg" : "image/webp";
    const { type, bytes } = await encoded(decoded, wanted, LONGEST);
    const sides = await measure(type, bytes);
    const image = imageOf({ ...sides, thumb: decoded.thumb });
    return { source: sourceOf(bytes), about: { type, name: fileName(name, type), ...image } };
  } finally {
    decoded?.close();
  }
}

/**
 * F2: what is sent of a chosen file: of a picture its pixels and nothing that was noted in it, everything else as it is.
 * Pictures alone are in memory as a whole; they are decoded. Throws FileError.
 */
export async function prepare(outgoing: OutgoingFile): Promise<Prepared> {
  const { file, name, voice } = outgoing;
  const source = blobSource(file);
  const content = await contentOf(source, name);
  if (isPicture(content)) return preparePicture(content, source, outgoing);
  if (content === "text/plain" || content === "text/csv") await checkText(source);
  const about = { type: content, name: fileName(name, content) };
  if (!voice) return { source, about };
  if (shapeOf(content) !== "audio") throw new FileError("file_type", "no voice");
  const { seconds, waveform } = voice;
  const audio = {
    seconds: Math.max(0, Math.round(seconds)),
    waveform: waveform.slice(0, WAVEFORM_BYTES),
  };
  return { source, about: { ...about, audio, voice: true } };
}
