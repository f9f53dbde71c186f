import { FileError } from "./refused.ts";
import { type Source, ascii, fieldsOf, readWithin } from "./source.ts";

/** First pages of all streams, which stand before everything else (RFC 3533 section 4). */
const STREAMS = 16;
const PAGE = 27 + 255 + 255 * 255;
const BEGINS = 2;

const SOUND = ["OpusHead", "\x01vorbis", "\x7fFLAC", "Speex   "];
const PICTURES = ["\x80theora", "BBCD\x00", "\x01video"];

/** By what its streams begin with: an Ogg with sound alone. */
export async function sniffOgg(source: Source): Promise<"audio/ogg"> {
  let at = 0;
  let streams = 0;
  for (; streams < STREAMS && at < source.size; streams++) {
    const page = fieldsOf(await readWithin(source, at, at + PAGE));
    if (page.text(0, 4) !== "OggS") throw new FileError("file_damaged", "page");
    if ((page.u8(5) & BEGINS) === 0) break;
    const segments = page.u8(26);
    let length = 0;
    for (let i = 0; i < segments; i++) length += page.u8(27 + i);
    const packet = ascii(page.slice(27 + segments, 27 + segments + length));
    if (PICTURES.some((codec) => packet.startsWith(codec))) throw new FileError("file_video");
    if (!SOUND.some((codec) => packet.startsWith(codec))) throw new FileError("file_type", "codec");
    at += 27 + segments + length;
  }
  if (streams === 0) throw new FileError("file_damaged", "no streams");
  return "audio/ogg";
}
