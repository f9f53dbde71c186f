import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../workers/protocol/bytes.ts";
import { FileError } from "./refused.ts";
import { contentOf } from "./sniff.ts";
import { SHEET, WORD, box, bytesOf, heif, mp4, ogg, webm, zip } from "./sniff.test-kit.ts";
import { checkText } from "./sniff-text.ts";
import { sourceOf } from "./source.ts";

const what = (bytes: Uint8Array | string, name = "x"): Promise<string> =>
  contentOf(sourceOf(typeof bytes === "string" ? bytesOf(bytes) : bytes), name).catch(
    (error: unknown) => {
      if (error instanceof FileError) return error.problem;
      throw error;
    },
  );

describe("F2 what may be sent is known by its content", () => {
  test.each([
    ["image/jpeg", "\xff\xd8\xff\xe0"],
    ["image/png", "\x89PNG\r\n\x1a\n"],
    ["image/gif", "GIF87a"],
    ["image/gif", "GIF89a"],
    ["image/webp", "RIFF\0\0\0\0WEBPVP8 "],
    ["application/pdf", "%PDF-1.7"],
    ["text/plain", "Dos huevos, 100 g de pan < 3\n\ttab"],
    ["text/plain", "\xef\xbb\xbfA\xc3\xb1o"],
    ["text/plain", "a < b && c > d"],
    ["audio/mp4", mp4("M4A ", ["soun"])],
    ["audio/mp4", mp4("isom", ["soun", "soun"])],
    ["audio/webm", webm("webm", [2])],
    ["audio/ogg", ogg(["OpusHead"])],
    ["audio/ogg", ogg(["\x01vorbis"])],
    ["image/heic", heif("heic", [[4, 4]])],
    ["image/heic", heif("mif1", [[4, 4]])],
    ["image/avif", heif("avif", [[4, 4]])],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", zip(WORD)],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", zip(SHEET)],
  ])("F2 %s", async (type, bytes) => {
    expect(await what(bytes)).toBe(type);
  });

  test("F2 whatever its name says", async () => {
    expect(await what("%PDF-1.7", "photo.jpg")).toBe("application/pdf");
    expect(await what("\xff\xd8\xff\xe0", "page.html")).toBe("image/jpeg");
    expect(await what("a;b", "table.CSV ")).toBe("text/csv");
    expect(await what("a;b", "table.txt")).toBe("text/plain");
  });
});

describe("F2 what may not be sent is refused, and said as what it is", () => {
  test.each([
    ["file_empty", ""],
    ["file_video", mp4("isom", ["vide", "soun"])],
    ["file_video", mp4("qt  ", ["soun", "vide"])],
    ["file_video", webm("webm", [2, 1])],
    ["file_video", webm("webm", [1])],
    ["file_video", webm("matroska", [1])],
    ["file_video", ogg(["OpusHead", "\x80theora"])],
    ["file_video", "RIFF\0\0\0\0AVI LIST"],
    ["file_video", "\0\0\x01\xba"],
    ["file_video", "FLV\x01"],
    ["file_type", webm("matroska", [2])],
    ["file_type", webm("webm", [2, 17])],
    ["file_type", mp4("isom", ["soun", "text"])],
    ["file_type", mp4("isom", [])],
    ["file_type", ogg(["CMML\0\0\0\0"])],
    ["file_type", zip(["[Content_Types].xml", "ppt/presentation.xml"])],
    ["file_type", zip(["word/document.xml"])],
    ["file_type", zip([...WORD, ...SHEET])],
    ["file_type", zip([...WORD, "word/vbaProject.bin"])],
    ["file_type", zip([...SHEET, "xl/macrosheets/sheet1.xml"])],
    ["file_type", zip([...WORD, "word/activeX/activeX1.xml"])],
    ["file_type", zip([...WORD, "word/embeddings/oleObject1.bin"])],
    ["file_type", zip([...WORD, "x/page.html"])],
    ["file_type", zip(["a.txt"])],
    ["file_type", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
    ["file_type", "MZ\x90\0"],
    ["file_type", "ID3\x03\0"],
    ["file_type", "\xff\xfea\0"],
    ["file_damaged", box("ftyp", bytesOf("M4A \0\0\0\0"))],
    ["file_damaged", mp4("M4A ", ["soun"]).subarray(0, 100)],
    ["file_damaged", webm("webm", [])],
  ])("F2 %s", async (problem, bytes) => {
    expect(await what(bytes)).toBe(problem);
  });

  test.each([
    "<!DOCTYPE html><p>x",
    "  \n<html>",
    "\xef\xbb\xbf<svg xmlns='x'>",
    "<?xml version='1.0'?>",
    "<?php echo 1;",
    "<!-- x -->",
    "#!/bin/sh\nrm",
    "hello\n<script>alert(1)</script>",
    "hello <iframe src=x>",
  ])("F2 a page, a drawing or a script is no text: %s", async (text) => {
    for (const name of ["x.jpg", "x.txt", "x.pdf"])
      expect(await what(text, name)).toBe("file_type");
  });

  test.each(["x.html", "x.svg", "x.js", "x.mjs", "x.ps1", "x.bat", "x.sh ", "x.HTA", "x.lnk"])(
    "F2 nor is what its name would have run: %s",
    async (name) => {
      expect(await what("hello", name)).toBe("file_type");
      expect(await what("hello", `${name.trim()}.txt`)).toBe("text/plain");
    },
  );

  test("F2 an Ogg whose pages are none, or begin nothing, is broken", async () => {
    const page = ogg(["OpusHead"]);
    const [first, second] = [page.subarray(0, 48), page.subarray(48)];
    expect(await what(concatBytes(first, second))).toBe("audio/ogg");
    expect(await what(concatBytes(first, new Uint8Array(40)))).toBe("file_damaged");
    expect(await what(second)).toBe("file_damaged");
  });

  test("F2 tracks that take more room to describe than any have are not read", async () => {
    const head = concatBytes(
      box("ftyp", bytesOf("M4A \0\0\0\0")),
      new Uint8Array([2, 0, 0, 0]),
      bytesOf("moov"),
    );
    let read = 0;
    const source = {
      size: 40_000_000,
      read: async (from: number, to: number) => {
        read += to - from;
        const bytes = new Uint8Array(to - from);
        bytes.set(head.subarray(from, to).subarray(0, to - from));
        return bytes;
      },
    };
    await expect(contentOf(source, "x")).rejects.toMatchObject({ problem: "file_damaged" });
    expect(read).toBeLessThan(1_000);
  });

  test("F2 a directory of more entries, or longer, than any document has is not read", async () => {
    const many = zip([...WORD, ...Array.from({ length: 9_998 }, (_, i) => `x${i}`)]);
    expect(await what(many)).toContain("wordprocessingml");
    expect(await what(zip([...WORD, ...Array.from({ length: 9_999 }, (_, i) => `x${i}`)]))).toBe(
      "file_type",
    );
    const long = "x".repeat(60_000);
    expect(await what(zip([...WORD, ...Array.from({ length: 60 }, () => long)]))).toContain("word");
    expect(await what(zip([...WORD, ...Array.from({ length: 80 }, () => long)]))).toBe("file_type");
  });

  test("F2 an archive that is two files at once is refused", async () => {
    expect(await what(zip(WORD, "", ""))).toContain("wordprocessingml");
    expect(await what(zip(WORD, "", "<html>"))).toBe("file_type");
    expect(await what(concatBytes(bytesOf("PK\x03\x04"), zip(WORD)))).toBe("file_type");
  });
});

describe("F2 text is read whole", () => {
  const whole = (bytes: Uint8Array): Promise<string> =>
    checkText(sourceOf(bytes)).then(
      () => "text",
      (error: unknown) => (error instanceof FileError ? error.problem : "?"),
    );
  const long = new Uint8Array(2_200_000).fill(0x61);

  test("F2 and is refused for one byte that no text has, wherever it stands", async () => {
    expect(await whole(long)).toBe("text");
    for (const at of [0, 70_000, 1_048_576, long.length - 1]) {
      for (const byte of [0x00, 0x07, 0x7f, 0x80, 0xc0, 0xff]) {
        const bytes = long.slice();
        bytes[at] = byte;
        expect(await whole(bytes), `${byte} at ${at}`).toBe("file_type");
      }
    }
  });

  test("F2 a character may lie across the pieces in which it is read, and may not be cut off", async () => {
    const bytes = long.slice();
    bytes.set([0xe2, 0x82, 0xac], 1_048_575);
    expect(await whole(bytes)).toBe("text");
    expect(await whole(bytes.subarray(0, 1_048_577))).toBe("file_type");
  });

  test("F2 is what a decoder takes as UTF-8, without controls", async () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const isText = (bytes: Uint8Array): boolean => {
      try {
        // oxlint-disable-next-line no-control-regex
        return !/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/.test(decoder.decode(bytes));
      } catch {
        return false;
      }
    };
    const words = fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text));
    const noise = fc.uint8Array({ maxLength: 6 });
    const edges = fc
      .array(fc.constantFrom(0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf), {
        maxLength: 5,
      })
      .map((list) => new Uint8Array(list));
    await fc.assert(
      fc.asyncProperty(fc.oneof(words, noise, edges), async (bytes) => {
        expect(await whole(bytes)).toBe(isText(bytes) ? "text" : "file_type");
      }),
      { numRuns: 2_000 },
    );
  });
});

test("F2 whatever bytes come, they are of a type or refused, and nothing worse", async () => {
  const starts = ["\0\0\0\x18ftyp", "\x1a\x45\xdf\xa3", "OggS", "PK\x03\x04", "RIFF", ""];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 300 }),
      async (start, rest) => {
        expect(typeof (await what(concatBytes(bytesOf(start), rest)))).toBe("string");
      },
    ),
    { numRuns: 1_000 },
  );
});
