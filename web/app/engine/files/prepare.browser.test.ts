import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../../workers/protocol/bytes.ts";
import { orientationTiff } from "../../../core/files/exif.ts";
import { bareGif, segment } from "../../../core/files/pictures.test-kit.ts";
import { bytesOf, heif, mp4, webm, zip, WORD } from "../../../core/files/sniff.test-kit.ts";
import { ascii } from "../../../core/files/source.ts";
import type { OutgoingFile } from "../../files-view.ts";
import { blobBytes } from "./files.test-kit.ts";
import { type Prepared, inspect, prepare } from "./prepare.ts";

const GPS = "41.4036,2.1744 GPS";

/** A picture with a red corner at its upper left, as a camera's file: turned, and with its place. */
async function photo(width: number, height: number, type = "image/jpeg"): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new RangeError("no canvas");
  context.fillStyle = type === "image/jpeg" ? "#0000ff" : "rgba(0, 0, 255, 0.5)";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#ff0000";
  context.fillRect(0, 0, width / 4, height / 4);
  return canvas.convertToBlob({ type, quality: 0.95 });
}

/** The same with Exif behind its first marker: turned a quarter, and where it was taken. */
async function withExif(jpeg: Blob): Promise<Blob> {
  const bytes = await blobBytes(jpeg);
  const exif = segment(0xe1, bytesOf("Exif\0\0"), orientationTiff(6), bytesOf(GPS));
  return new Blob([concatBytes(bytes.subarray(0, 2), exif, bytes.subarray(2)).slice()]);
}

const outgoing = (file: Blob, name: string, more: Partial<OutgoingFile> = {}): OutgoingFile => ({
  file,
  name,
  caption: "",
  quality: "standard",
  ...more,
});
const sentOf = ({ source }: Prepared): Promise<Uint8Array> => source.read(0, source.size);

/** The colour where the red corner is, once the picture is turned a quarter: at its upper right. */
async function colourAt(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const bitmap = await createImageBitmap(new Blob([bytes.slice()]));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  const at = [Math.floor(x * (bitmap.width - 1)), Math.floor(y * (bitmap.height - 1))] as const;
  const data = context?.getImageData(at[0], at[1], 1, 1).data ?? [];
  return [bitmap.width, bitmap.height, ...[...data].slice(0, 3).map((one) => Math.round(one / 64))];
}

describe("F2 a photo", () => {
  test("F2 is made smaller, stands upright, and has no place any more", async () => {
    const file = await withExif(await photo(3_000, 2_000));
    expect(ascii(await blobBytes(file)).includes(GPS)).toBe(true);
    const prepared = await prepare(outgoing(file, "IMG_1.HEIC"));
    const sent = await sentOf(prepared);
    expect(prepared.about).toMatchObject({ type: "image/jpeg", name: "IMG_1.HEIC.jpg" });
    expect(prepared.about.image).toMatchObject({ width: 1_365, height: 2_048 });
    expect(prepared.about.image?.thumb.length).toBeLessThanOrEqual(40);
    expect(ascii(sent.slice(0, 4_000))).not.toContain("Exif");
    expect(ascii(sent.slice(0, 4_000))).not.toContain("GPS");
    expect(await colourAt(sent, 0.95, 0.05)).toEqual([1_365, 2_048, 4, 0, 0]);
    expect(await colourAt(sent, 0.05, 0.05)).toEqual([1_365, 2_048, 0, 0, 4]);
  });

  test("F2 of full quality keeps its pixels and its stand, and has no place any more", async () => {
    const file = await withExif(await photo(3_000, 2_000));
    const prepared = await prepare(outgoing(file, "a.jpg", { quality: "full" }));
    const sent = await sentOf(prepared);
    expect(prepared.about.image).toMatchObject({ width: 2_000, height: 3_000 });
    expect(ascii(sent.slice(0, 4_000))).not.toContain("GPS");
    expect(sent.length).toBeLessThan(file.size);
    expect(await colourAt(sent, 0.95, 0.05)).toEqual([2_000, 3_000, 4, 0, 0]);
  });

  test("F2 that is small is not made larger", async () => {
    const prepared = await prepare(outgoing(await photo(40, 30), "a.jpg"));
    expect(prepared.about.image).toMatchObject({ width: 40, height: 30 });
  });

  test("F2 that may be seen through stays so", async () => {
    const prepared = await prepare(outgoing(await photo(100, 80, "image/png"), "a.png"));
    expect(prepared.about).toMatchObject({ type: "image/webp", name: "a.png.webp" });
    const full = await prepare(
      outgoing(await photo(100, 80, "image/png"), "a.png", { quality: "full" }),
    );
    expect(full.about).toMatchObject({ type: "image/png", name: "a.png" });
  });

  test("F2 that is cut off, or of more pixels than are decoded, is refused", async () => {
    const whole = await photo(300, 200);
    await expect(prepare(outgoing(whole.slice(0, whole.size - 40), "a.jpg"))).rejects.toMatchObject(
      {
        problem: "file_damaged",
      },
    );
    const bomb = segment(0xc0, new Uint8Array([8, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0]));
    const file = new Blob([concatBytes(new Uint8Array([0xff, 0xd8]), bomb).slice()]);
    await expect(prepare(outgoing(file, "a.jpg"))).rejects.toMatchObject({
      problem: "file_pixels",
    });
    await expect(inspect(file, "a.jpg")).rejects.toMatchObject({ problem: "file_pixels" });
  });

  test("F2 that this browser does not decode is refused, and never sent as it is", async () => {
    const heic = new Blob([heif("heic", [[400, 300]]).slice()]);
    for (const quality of ["standard", "full"] as const) {
      const refused = prepare(outgoing(heic, "a.heic", { quality }));
      await expect(refused).rejects.toMatchObject({ problem: "file_heic" });
    }
    // Its structure is right and its pixels are none.
    const gif = new Blob([bareGif().slice(0, -1), new Uint8Array([0x3b]).slice()]);
    await expect(prepare(outgoing(gif, "a.gif"))).rejects.toMatchObject({
      problem: "file_damaged",
    });
  });
});

describe("F2 what is said of a file before it is read whole", () => {
  const offer = (bytes: Uint8Array | Blob, name: string) =>
    inspect(bytes instanceof Blob ? bytes : new Blob([bytes.slice()]), name);

  test("F2 what it is, how large, and what it keeps", async () => {
    expect(await offer(bytesOf("%PDF-1.7"), "../plan")).toEqual({
      kind: "document",
      type: "application/pdf",
      name: "plan.pdf",
      size: 8,
      image: null,
      keepsMetadata: true,
      quality: "none",
    });
    expect(await offer(zip(WORD), "a.docx")).toMatchObject({ keepsMetadata: true });
    expect(await offer(bytesOf("a;b"), "a.csv")).toMatchObject({
      type: "text/csv",
      keepsMetadata: false,
    });
    expect(await offer(mp4("M4A ", ["soun"]), "a.m4a")).toMatchObject({ kind: "audio" });
    const image = await offer(await withExif(await photo(300, 200)), "a.jpg");
    expect(image).toMatchObject({ image: { width: 200, height: 300 }, quality: "either" });
    expect(await offer(bareGif(), "a.gif")).toMatchObject({ quality: "full" });
    expect(await offer(heif("heic", [[400, 300]]), "a.heic")).toMatchObject({
      type: "image/jpeg",
      quality: "standard",
    });
  });

  test.each([
    ["file_empty", new Uint8Array()],
    ["file_type", bytesOf("<html>")],
    ["file_video", webm("webm", [1, 2])],
  ])("F2 that it may not be sent: %s", async (problem, bytes) => {
    await expect(offer(bytes, "a.jpg")).rejects.toMatchObject({ problem });
  });

  test("F2 no more of it is read than its head", async () => {
    const large = new Blob([bytesOf("%PDF-1.7").slice(), new Uint8Array(40_000_000)]);
    let read = 0;
    const slice = large.slice.bind(large);
    Object.defineProperty(large, "slice", {
      value: (from: number, to: number) => {
        read += to - from;
        return slice(from, to);
      },
    });
    await inspect(large, "a.pdf");
    expect(read).toBeLessThan(2_000);
  });
});

describe("F2 what is sent as it is", () => {
  test("F2 a document, byte for byte", async () => {
    const file = new Blob([bytesOf("%PDF-1.7 and more").slice()]);
    const prepared = await prepare(outgoing(file, "plan.pdf"));
    expect(prepared.about).toEqual({ type: "application/pdf", name: "plan.pdf" });
    expect(await sentOf(prepared)).toEqual(await blobBytes(file));
  });

  test("F2 a text only if all of it is one", async () => {
    const words = new Blob(["a".repeat(200_000)]);
    expect((await prepare(outgoing(words, "a.txt"))).about.type).toBe("text/plain");
    const bad = new Blob(["a".repeat(200_000), new Uint8Array([0])]);
    await expect(prepare(outgoing(bad, "a.txt"))).rejects.toMatchObject({ problem: "file_type" });
  });

  test("F2 a voice note says how long it is and how loud; what is no sound is none", async () => {
    const voice = { seconds: 12.4, waveform: new Uint8Array(100).fill(7) };
    const file = new Blob([webm("webm", [2]).slice()]);
    const { about } = await prepare(outgoing(file, "voice", { voice }));
    expect(about).toEqual({
      type: "audio/webm",
      name: "voice.webm",
      voice: true,
      audio: { seconds: 12, waveform: new Uint8Array(64).fill(7) },
    });
    const words = new Blob(["hello"]);
    await expect(prepare(outgoing(words, "a.txt", { voice }))).rejects.toMatchObject({
      problem: "file_type",
    });
  });
});
