import { expect, test } from "vitest";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { CONTENT_SAMPLES } from "../messages/content.test-kit.ts";
import { KINDS, blobsOf } from "../messages/content.ts";

const [plan, photo, voice] = CONTENT_SAMPLES.file;
const isSaid = (said: object): boolean => KINDS.file.write(said) !== undefined;

test("F2 a file is said with what it has", () => {
  for (const sample of CONTENT_SAMPLES.file) expect(isSaid(sample)).toBe(true);
  expect(isSaid({ ...plan, size: LIMITS.fileBytesMax })).toBe(true);
  expect(isSaid({ ...plan, caption: "a".repeat(LIMITS.text) })).toBe(true);
  expect(isSaid({ ...photo, image: { ...photo.image, width: 65_535 } })).toBe(true);
  expect(isSaid({ ...photo, image: { ...photo.image, thumb: new Uint8Array(40) } })).toBe(true);
  expect(isSaid({ ...voice, voice: undefined, audio: { seconds: 0 } })).toBe(true);
});

test.each([
  ["is of no type of the list", { ...plan, type: "text/html", name: "plan.html" }],
  ["has a name with a path", { ...plan, name: "a/plan.pdf" }],
  ["has a name that turns its direction", { ...plan, name: "plan\u202efdp.pdf" }],
  ["has a name that ends otherwise than its type", { ...plan, name: "plan.html" }],
  ["is empty", { ...plan, size: 0 }],
  ["is larger than any may be", { ...plan, size: LIMITS.fileBytesMax + 1 }],
  ["has a caption over the limit of a text", { ...plan, caption: "a".repeat(LIMITS.text + 1) }],
  ["has an empty caption", { ...plan, caption: "" }],
  ["is no image and has sides", { ...plan, image: photo.image }],
  ["is no sound and lasts", { ...photo, audio: { seconds: 1 } }],
  ["is no sound and a voice", { ...photo, voice: true }],
  ["is too wide", { ...photo, image: { ...photo.image, width: 65_536 } }],
  ["is too high", { ...photo, image: { ...photo.image, height: 65_536 } }],
  ["has no height", { ...photo, image: { ...photo.image, height: 0 } }],
  ["has a long thumb", { ...photo, image: { ...photo.image, thumb: new Uint8Array(41) } }],
  ["has a long waveform", { ...voice, audio: { seconds: 1, waveform: new Uint8Array(65) } }],
  ["has a short key", { ...plan, key: new Uint8Array(31) }],
])("F2 a file is refused that %s", (_, said) => {
  expect(isSaid(said)).toBe(false);
});

test("M1 of all kinds only a file names a blob", () => {
  const samples = Object.values(CONTENT_SAMPLES).flat();
  const naming = samples.filter((content) => blobsOf(content).length > 0);
  expect(naming).toEqual([...CONTENT_SAMPLES.file]);
  expect(blobsOf(plan)).toEqual([plan.blob]);
});
