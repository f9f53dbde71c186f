import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { orientationOf, orientationTiff } from "./exif.ts";
import { type PictureType, measure, stripped } from "./picture.ts";
import {
  FRAME,
  SCAN,
  SECRET,
  animated,
  animatedWebp,
  bareGif,
  bareJpeg,
  barePng,
  bareWebp,
  gif,
  jpeg,
  jpegOf,
  losslessWebp,
  plainWebp,
  png,
  riffChunk,
  segment,
  webp,
} from "./pictures.test-kit.ts";
import { FileError } from "./refused.ts";
import { bytesOf, heif } from "./sniff.test-kit.ts";
import { ascii } from "./source.ts";

const damaged = { problem: "file_damaged" };
const sides = { width: 40, height: 30, isAnimated: false };
const turned = { width: 30, height: 40, isAnimated: false };

const PICTURES: readonly (readonly [PictureType, Uint8Array])[] = [
  ["image/jpeg", jpeg(6)],
  ["image/png", png(6)],
  ["image/webp", webp(6)],
  ["image/webp", animatedWebp(false)],
  ["image/gif", gif()],
];

describe("F2 what was noted in a picture goes, and its pixels stay", () => {
  test.each(PICTURES)("F2 %s", (type, bytes) => {
    expect(ascii(bytes)).toContain(SECRET);
    const bare = stripped(type, bytes);
    expect(ascii(bare)).not.toContain("SECRET");
    expect(ascii(bare)).not.toContain("41.40");
    expect(stripped(type, bare)).toEqual(bare);
  });

  test("F2 what stands between two scans goes as well", () => {
    const hidden = segment(0xfe, bytesOf(SECRET));
    expect(stripped("image/jpeg", jpegOf(FRAME, SCAN, hidden, SCAN))).toEqual(
      jpegOf(FRAME, SCAN, SCAN),
    );
  });

  test.each([
    "\x21\xff\x0bNETSCAPE2.0\x04\x01\0\0\0\0",
    "\x21\xff\x0bNETSCAPE2.0\x03\x02\0\0\0",
    "\x21\xff\x0bSOMEBODY1.0\x03\x01\0\0\0",
  ])("F2 what only looks as if it said how often a GIF is shown goes", (block) => {
    const [head, rest] = [bareGif().subarray(0, 19), bareGif().subarray(38)];
    expect(stripped("image/gif", concatBytes(head, bytesOf(block), rest))).toEqual(
      concatBytes(head, rest),
    );
  });

  test("F2 nothing else of it is changed", () => {
    expect(stripped("image/jpeg", jpeg(1))).toEqual(bareJpeg([]));
    expect(stripped("image/png", png(1))).toEqual(barePng());
    expect(stripped("image/webp", webp(1))).toEqual(bareWebp());
    expect(stripped("image/webp", plainWebp())).toEqual(plainWebp());
    expect(stripped("image/webp", animatedWebp(false))).toEqual(animatedWebp(true));
    expect(stripped("image/gif", gif())).toEqual(bareGif());
  });

  test("F2 it stands upright as before, which is all that its Exif says then", async () => {
    const turn = segment(0xe1, bytesOf("Exif\0\0"), orientationTiff(6));
    expect(stripped("image/jpeg", jpeg(6))).toEqual(bareJpeg([turn]));
    const bare = stripped("image/png", png(6));
    expect(await measure("image/png", bare)).toEqual(turned);
    expect(bare.length).toBe(barePng().length + 12 + orientationTiff(6).length);
    const file = ascii(stripped("image/webp", webp(6)));
    expect(file).toContain(ascii(riffChunk("EXIF", orientationTiff(6))));
    expect(file.charCodeAt(20)).toBe(0x08);
  });
});

describe("F2 a picture is measured before it is decoded", () => {
  test.each([
    ["image/jpeg", jpeg(1), sides],
    ["image/jpeg", jpeg(6), turned],
    ["image/png", png(1), sides],
    ["image/png", png(6), turned],
    ["image/png", png(1, animated()), { ...sides, isAnimated: true }],
    ["image/webp", webp(1), sides],
    ["image/webp", plainWebp(), sides],
    ["image/webp", losslessWebp(), sides],
    ["image/webp", animatedWebp(true), { ...sides, isAnimated: true }],
    ["image/gif", gif(), { ...sides, isAnimated: true }],
    [
      "image/heic",
      heif("heic", [
        [4, 4],
        [40, 30],
        [8, 8],
      ]),
      sides,
    ],
    ["image/avif", heif("avif", [[40, 30]]), sides],
  ] as const)("F2 %s", async (type, bytes, expected) => {
    expect(await measure(type, bytes)).toEqual(expected);
  });

  test("F2 tables are no frames, though their markers stand among those", async () => {
    for (const marker of [0xc4, 0xc8, 0xcc]) {
      const table = segment(marker, new Uint8Array([8, 0, 1, 0, 1, 1, 0, 0, 0]));
      expect(await measure("image/jpeg", jpegOf(table, FRAME, SCAN))).toEqual(sides);
    }
    const progressive = segment(0xc2, new Uint8Array([8, 0, 30, 0, 40, 1, 0, 0, 0]));
    expect(await measure("image/jpeg", jpegOf(progressive, SCAN))).toEqual(sides);
  });

  test("F2 one with more pixels than are decoded is refused, the last that is not one is taken", async () => {
    const of = (width: number, height: number) =>
      measure("image/heic", heif("heic", [[width, height]]));
    expect(await of(10_000, 5_000)).toEqual({ width: 10_000, height: 5_000, isAnimated: false });
    await expect(of(10_000, 5_001)).rejects.toMatchObject({ problem: "file_pixels" });
    const frame = segment(0xc2, new Uint8Array([8, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]));
    const bomb = measure("image/jpeg", jpegOf(frame, SCAN));
    await expect(bomb).rejects.toMatchObject({ problem: "file_pixels" });
  });

  test("F2 one without pixels is none", async () => {
    const frame = segment(0xc0, new Uint8Array([8, 0, 0, 0, 40, 1, 0, 0, 0]));
    await expect(measure("image/jpeg", jpegOf(frame, SCAN))).rejects.toMatchObject(damaged);
    const line = segment(0xc0, new Uint8Array([8, 0, 40, 0, 0, 1, 0, 0, 0]));
    await expect(measure("image/jpeg", jpegOf(line, SCAN))).rejects.toMatchObject(damaged);
    const headless = png(1);
    headless.set(bytesOf("IXDR"), 12);
    await expect(measure("image/png", headless)).rejects.toMatchObject(damaged);
    await expect(measure("image/heic", heif("heic", []))).rejects.toMatchObject(damaged);
    await expect(measure("image/jpeg", jpegOf(SCAN))).rejects.toMatchObject(damaged);
  });
});

describe("F2 a picture that is broken is refused", () => {
  test.each(PICTURES)("F2 %s that is cut off anywhere", (type, bytes) => {
    const bare = stripped(type, bytes);
    for (let length = 12; length < bare.length; length++) {
      const cut = bare.subarray(0, length);
      expect(() => stripped(type, cut), `${length}`).toThrow(FileError);
    }
    expect(stripped(type, bare)).toEqual(bare);
  });

  test("F2 a JPEG without a scan, a PNG, a WebP and a GIF without pixels", () => {
    const none = new Uint8Array([0x3b]);
    const broken: [PictureType, Uint8Array][] = [
      ["image/jpeg", jpegOf(FRAME)],
      ["image/png", concatBytes(barePng().subarray(0, 33), barePng().subarray(-12))],
      ["image/webp", riffChunk("RIFF", bytesOf("WEBP"))],
      ["image/gif", concatBytes(bareGif().subarray(0, 19), none)],
      ["image/gif", concatBytes(bareGif().subarray(0, 19), new Uint8Array([0x77]))],
      ["image/jpeg", jpegOf(new Uint8Array([0x12, 0xdb, 0, 2]), SCAN)],
      ["image/jpeg", jpegOf(new Uint8Array([0xff, 0xe5, 0, 1]), SCAN)],
      ["image/jpeg", jpegOf(new Uint8Array([0xff, 0xd8, 0, 2]), SCAN)],
      ["image/jpeg", jpegOf(new Uint8Array([0xff, 0x01, 0, 2]), SCAN)],
    ];
    for (const [type, bytes] of broken) expect(() => stripped(type, bytes)).toThrow(FileError);
  });

  test("F2 whatever its bytes are, it ends, and is a picture or refused", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PICTURES),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        ([type, bytes], changes) => {
          const changed = bytes.slice();
          for (const [at, byte] of changes) changed[at % bytes.length] = byte;
          try {
            const bare = stripped(type, changed);
            expect(stripped(type, bare)).toEqual(bare);
          } catch (error) {
            expect(error).toBeInstanceOf(FileError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test("F2 an orientation is read from both byte orders, and what is none stands upright", () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    expect(orientationOf(orientationTiff(orientation))).toBe(orientation);
  }
  const little = new Uint8Array(26);
  const view = new DataView(little.buffer);
  little.set(bytesOf("II*\0"));
  view.setUint32(4, 8, true);
  view.setUint16(8, 1, true);
  view.setUint16(10, 0x0112, true);
  view.setUint16(12, 3, true);
  view.setUint32(14, 1, true);
  view.setUint16(18, 8, true);
  expect(orientationOf(little)).toBe(8);
  expect(orientationOf(new Uint8Array(5))).toBe(1);
  view.setUint16(18, 9, true);
  expect(orientationOf(little)).toBe(1);
});
