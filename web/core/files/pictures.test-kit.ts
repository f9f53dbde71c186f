/** Pictures whose structure is right and whose pixels are nobody's, made here. */
import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { orientationTiff } from "./exif.ts";
import { bytesOf } from "./sniff.test-kit.ts";

/** What must not be found in what is sent. */
export const SECRET = "41.4036,2.1744 SECRET";

const be16 = (value: number): Uint8Array => new Uint8Array([value >> 8, value & 0xff]);

export const segment = (marker: number, ...content: Uint8Array[]): Uint8Array => {
  const inner = concatBytes(...content);
  return concatBytes(new Uint8Array([0xff, marker]), be16(inner.length + 2), inner);
};

/** Exif with an orientation and a secret behind it. */
const exif = (orientation: 1 | 6): Uint8Array =>
  concatBytes(bytesOf("Exif\0\0"), orientationTiff(orientation), bytesOf(SECRET));

export const SCAN = concatBytes(
  segment(0xda, new Uint8Array(6)),
  // A stuffed 0xff and a restart marker belong to the data.
  new Uint8Array([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]),
);
export const FRAME = segment(0xc0, new Uint8Array([8, 0, 30, 0, 40, 1, 0, 0, 0]));
const TABLE = segment(0xdb, new Uint8Array(65));
const PROFILE = segment(0xe2, bytesOf("ICC_PROFILE\0"), new Uint8Array([1, 1, 9, 9]));

export const jpegOf = (...segments: Uint8Array[]): Uint8Array =>
  concatBytes(new Uint8Array([0xff, 0xd8]), ...segments, new Uint8Array([0xff, 0xd9]));

export const jpeg = (orientation: 1 | 6): Uint8Array =>
  concatBytes(
    jpegOf(
      segment(0xe0, bytesOf("JFIF\0"), new Uint8Array([1, 2, 0, 0, 1, 0, 1, 1, 1]), bytesOf("abc")),
      segment(0xe1, exif(orientation)),
      segment(0xe1, bytesOf(`http://ns.adobe.com/xap/1.0/\0${SECRET}`)),
      segment(0xed, bytesOf(SECRET)),
      segment(0xfe, bytesOf(SECRET)),
      PROFILE,
      segment(0xe2, bytesOf(`MPF\0${SECRET}`)),
      TABLE,
      FRAME,
      SCAN,
    ),
    bytesOf(SECRET),
  );

export const bareJpeg = (turn: readonly Uint8Array[]): Uint8Array =>
  jpegOf(
    ...turn,
    segment(0xe0, bytesOf("JFIF\0"), new Uint8Array([1, 2, 0, 0, 1, 0, 1, 0, 0])),
    PROFILE,
    TABLE,
    FRAME,
    SCAN,
  );

const be32 = (value: number): Uint8Array => concatBytes(be16(value >>> 16), be16(value & 0xffff));

const pngChunk = (type: string, content: Uint8Array): Uint8Array =>
  concatBytes(be32(content.length), bytesOf(type), content, new Uint8Array(4));
const HEADER = pngChunk("IHDR", concatBytes(be32(40), be32(30), new Uint8Array([8, 6, 0, 0, 0])));
const PIXELS = pngChunk("IDAT", new Uint8Array([1, 2, 3]));
const SIGNATURE = bytesOf("\x89PNG\r\n\x1a\n");
const END = pngChunk("IEND", new Uint8Array());

export const png = (orientation: 1 | 6, ...more: Uint8Array[]): Uint8Array =>
  concatBytes(
    SIGNATURE,
    HEADER,
    pngChunk("tEXt", bytesOf(SECRET)),
    pngChunk("iTXt", bytesOf(SECRET)),
    pngChunk("tIME", bytesOf(SECRET)),
    pngChunk("eXIf", concatBytes(orientationTiff(orientation), bytesOf(SECRET))),
    pngChunk("prVt", bytesOf(SECRET)),
    ...more,
    PIXELS,
    END,
    bytesOf(SECRET),
  );
export const barePng = (): Uint8Array => concatBytes(SIGNATURE, HEADER, PIXELS, END);
export const animated = (): Uint8Array => pngChunk("acTL", new Uint8Array(8));

const le32 = (value: number): Uint8Array =>
  new Uint8Array([value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24]);
export const riffChunk = (type: string, content: Uint8Array): Uint8Array =>
  concatBytes(bytesOf(type), le32(content.length), content, new Uint8Array(content.length % 2));
const riff = (...chunks: Uint8Array[]): Uint8Array =>
  riffChunk("RIFF", concatBytes(bytesOf("WEBP"), ...chunks));
const extended = (flags: number): Uint8Array =>
  riffChunk("VP8X", new Uint8Array([flags, 0, 0, 0, 39, 0, 0, 29, 0, 0]));
const LOSSY = riffChunk("VP8 ", new Uint8Array([0, 0, 0, 0x9d, 1, 0x2a, 40, 0, 30, 0, 7]));

export const webp = (orientation: 1 | 6): Uint8Array =>
  concatBytes(
    riff(
      extended(0x0c),
      LOSSY,
      riffChunk("EXIF", exif(orientation)),
      riffChunk("XMP ", bytesOf(SECRET)),
      riffChunk("SECR", bytesOf(SECRET)),
    ),
    bytesOf(SECRET),
  );
export const bareWebp = (): Uint8Array => riff(extended(0), LOSSY);
export const plainWebp = (): Uint8Array => riff(LOSSY);
export const losslessWebp = (): Uint8Array =>
  riff(riffChunk("VP8L", concatBytes(new Uint8Array([0x2f]), le32(39 | (29 << 14)))));

const FRAME_HEAD = new Uint8Array(16);
export const animatedWebp = (isBare: boolean): Uint8Array =>
  riff(
    extended(isBare ? 0x02 : 0x06),
    riffChunk("ANIM", new Uint8Array(6)),
    riffChunk(
      "ANMF",
      concatBytes(FRAME_HEAD, LOSSY, ...(isBare ? [] : [riffChunk("SECR", bytesOf(SECRET))])),
    ),
    ...(isBare ? [] : [riffChunk("XMP ", bytesOf(SECRET))]),
  );

const blocks = (...content: Uint8Array[]): Uint8Array =>
  concatBytes(
    ...content.map((one) => concatBytes(new Uint8Array([one.length]), one)),
    new Uint8Array(1),
  );
const GIF_HEAD = concatBytes(
  bytesOf("GIF89a"),
  new Uint8Array([40, 0, 30, 0, 0x80, 0, 0]),
  new Uint8Array(6),
);
const CONTROL = concatBytes(new Uint8Array([0x21, 0xf9]), blocks(new Uint8Array(4)));
const IMAGE = concatBytes(
  new Uint8Array([0x2c, 0, 0, 0, 0, 40, 0, 30, 0, 0x80]),
  new Uint8Array(6),
  new Uint8Array([2]),
  blocks(new Uint8Array([1, 2, 0x3b]), new Uint8Array([0x21, 0xfe])),
);
const app = (name: string, ...content: Uint8Array[]): Uint8Array =>
  concatBytes(new Uint8Array([0x21, 0xff]), blocks(bytesOf(name), ...content));
const comment = concatBytes(new Uint8Array([0x21, 0xfe]), blocks(bytesOf(SECRET)));
const LOOP = app("NETSCAPE2.0", new Uint8Array([1, 5, 0]));

export const gif = (): Uint8Array =>
  concatBytes(
    GIF_HEAD,
    comment,
    app("NETSCAPE2.0", new Uint8Array([1, 5, 0]), bytesOf(SECRET)),
    app("XMP DataXMP", bytesOf(SECRET)),
    CONTROL,
    IMAGE,
    concatBytes(new Uint8Array([0x21, 1]), blocks(new Uint8Array(12), bytesOf(SECRET))),
    CONTROL,
    IMAGE,
    new Uint8Array([0x3b]),
    bytesOf(SECRET),
  );
export const bareGif = (): Uint8Array =>
  concatBytes(GIF_HEAD, LOOP, CONTROL, IMAGE, CONTROL, IMAGE, new Uint8Array([0x3b]));
