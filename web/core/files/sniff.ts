import { FileError } from "./refused.ts";
import { type Source, ascii, readWithin } from "./source.ts";
import type { FileType } from "./file-type.ts";
import { sniffIso } from "./sniff-iso.ts";
import { sniffOgg } from "./sniff-ogg.ts";
import { sniffText } from "./sniff-text.ts";
import { sniffWebm } from "./sniff-webm.ts";
import { sniffZip } from "./sniff-zip.ts";

/** What a file is by its content: of the list, or a picture that is sent as another type. */
export type Content = FileType | "image/heic" | "image/avif";

/** Enough for every signature. */
const HEAD = 64;

type Signature = readonly [at: number, bytes: string];
const is = (head: string, ...signature: readonly Signature[]): boolean =>
  signature.every(([at, bytes]) => head.startsWith(bytes, at));

/** Pictures and documents that their first bytes tell. */
const SIGNED: readonly (readonly [FileType, ...Signature[]])[] = [
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/gif", [0, "GIF87a"]],
  ["image/gif", [0, "GIF89a"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
  ["application/pdf", [0, "%PDF-"]],
];

/** AVI, ASF, MPEG programme and elementary streams, Flash. MP4, WebM and Ogg are looked into. */
const VIDEOS: readonly (readonly Signature[])[] = [
  [
    [0, "RIFF"],
    [8, "AVI "],
  ],
  [[0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"]],
  [[0, "\x00\x00\x01\xba"]],
  [[0, "\x00\x00\x01\xb3"]],
  [[0, "FLV\x01"]],
];

/**
 * F2: what a file is by its content, whatever its name says; the name decides only between kinds of text. Reads its first
 * bytes, and what else its format needs: tracks, a directory; a text is read whole by {@link checkText}. Throws FileError.
 */
export async function contentOf(source: Source, name: string): Promise<Content> {
  if (source.size === 0) throw new FileError("file_empty");
  const head = ascii(await readWithin(source, 0, HEAD));
  for (const [type, ...signature] of SIGNED) if (is(head, ...signature)) return type;
  for (const signature of VIDEOS) if (is(head, ...signature)) throw new FileError("file_video");
  if (is(head, [4, "ftyp"])) return sniffIso(source);
  if (is(head, [0, "\x1a\x45\xdf\xa3"])) return sniffWebm(source);
  if (is(head, [0, "OggS"])) return sniffOgg(source);
  if (is(head, [0, "PK\x03\x04"])) return sniffZip(source);
  return sniffText(source, name);
}
