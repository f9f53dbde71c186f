/** Pictures and messages with files, made as the engine makes them; for tests and for looking at every state. */
import { rgbaToThumbHash } from "thumbhash";
import type { FileAddress, FileView, GalleryRow } from "../app/files-view.ts";
import type { Delivery, TimelineItem } from "../app/timeline.ts";
import { type Fakes, message } from "./fake-models.test-kit.ts";

const THUMB_SIDE = 100;

/** A plate with something on it, in colours that its number chooses. */
function drawn(width: number, height: number, n: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const paint = canvas.getContext("2d");
  if (!paint) throw new RangeError("no canvas");
  const cloth = paint.createLinearGradient(0, 0, width, height);
  cloth.addColorStop(0, `hsl(${(n * 67) % 360} 28% 62%)`);
  cloth.addColorStop(1, `hsl(${(n * 67 + 40) % 360} 32% 40%)`);
  paint.fillStyle = cloth;
  paint.fillRect(0, 0, width, height);
  const side = Math.min(width, height);
  const disc = (x: number, y: number, radius: number, colour: string): void => {
    paint.fillStyle = colour;
    paint.beginPath();
    paint.arc(x, y, radius, 0, 2 * Math.PI);
    paint.fill();
  };
  disc(width / 2, height / 2, side * 0.42, "hsl(40 20% 92%)");
  disc(width / 2, height / 2, side * 0.33, "hsl(40 18% 97%)");
  for (let leaf = 0; leaf < 14; leaf += 1) {
    const turn = leaf * 2.4 + n;
    const away = side * 0.022 * leaf;
    disc(
      width / 2 + Math.cos(turn) * away,
      height / 2 + Math.sin(turn) * away,
      side * 0.07,
      `hsl(${[110, 24, 88, 8][leaf % 4] ?? 0} 52% ${38 + (leaf % 3) * 9}%)`,
    );
  }
  return canvas;
}

function thumbOf(canvas: OffscreenCanvas): Uint8Array {
  const scale = THUMB_SIDE / Math.max(canvas.width, canvas.height);
  const [width, height] = [Math.round(canvas.width * scale), Math.round(canvas.height * scale)];
  const small = new OffscreenCanvas(width, height).getContext("2d");
  if (!small) throw new RangeError("no canvas");
  small.drawImage(canvas, 0, 0, width, height);
  return rgbaToThumbHash(width, height, small.getImageData(0, 0, width, height).data);
}

export interface Picture {
  readonly file: FileView;
  blob(): Promise<Blob>;
}

export function picture(n: number, width = 1_600, height = 1_200): Picture {
  const canvas = drawn(width, height, n);
  return {
    file: {
      kind: "image",
      type: "image/jpeg",
      name: `IMG_20${30 + n}.jpg`,
      size: 640_000 + n * 91_000,
      image: { width, height, thumb: thumbOf(canvas) },
    },
    blob: () => canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 }),
  };
}

export const voiceNote = (seconds: number): FileView => ({
  kind: "voice",
  type: "audio/webm",
  name: "Voice note 16 November 2026 at 13.05.webm",
  size: seconds * 4_000,
  audio: {
    seconds,
    waveform: Uint8Array.from({ length: 48 }, (_, bar) =>
      Math.round(60 + 180 * Math.abs(Math.sin(bar * 1.7) * Math.cos(bar * 0.31))),
    ),
  },
});

export const document = (name: string, size: number): FileView => ({
  kind: "document",
  type: "application/pdf",
  name,
  size,
});

/** A message with a file; the other's, unless a delivery is given. */
export function fileMessage(
  seq: number | null,
  at: number,
  file: FileView,
  caption = "",
  delivery: Delivery | null = null,
): TimelineItem {
  const item = message(seq, at, caption, delivery);
  return item.kind === "message" ? { ...item, file } : item;
}

/** The same in a gallery. */
export function galleryRow(item: TimelineItem): GalleryRow | null {
  if (item.kind !== "message" || !item.file || item.seq === null) return null;
  const { id, seq, at, sender, file, text: caption } = item;
  return { id, seq, at, sender, file, caption, month: new Date(at).toISOString().slice(0, 7) };
}

/** A sound that a browser plays: a tone of so many seconds (WAV). */
export function tone(seconds: number): Blob {
  const rate = 8_000;
  const samples = Int16Array.from({ length: rate * seconds }, (_, at) =>
    Math.round(9_000 * Math.sin((at / rate) * 2 * Math.PI * 330)),
  );
  const head = new DataView(new ArrayBuffer(44));
  const word = (at: number, text: string): void =>
    [...text].forEach((letter, n) => head.setUint8(at + n, letter.charCodeAt(0)));
  word(0, "RIFF");
  head.setUint32(4, 36 + samples.byteLength, true);
  word(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, rate * 2, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  word(36, "data");
  head.setUint32(40, samples.byteLength, true);
  return new Blob([head, samples], { type: "audio/wav" });
}

/** Lets the fakes hand out a picture under the place of its message. */
export function storePicture(fakes: Fakes, place: FileAddress["message"], one: Picture): void {
  fakes.files.stored.set(place, () => one.blob());
}
