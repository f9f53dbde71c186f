/** F2: what a message says of its file, and what of that may be believed. */
import * as z from "zod/mini";
import {
  bytes16,
  bytes32,
  cappedBytes,
  positive,
  unsigned,
} from "../../../workers/protocol/fields.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import { fileName } from "./file-name.ts";
import { FILE_TYPE_NAMES, shapeOf } from "./file-type.ts";

/** Bytes of a thumbhash, and of a waveform with one for each bar. */
const THUMB_BYTES = 40;
export const WAVEFORM_BYTES = 64;
/** No picture format of the list goes further. */
const SIDE_MOST = 65_535;

const image = z.strictObject({
  width: positive,
  height: positive,
  /** thumbhash: shown until the picture is here */
  thumb: cappedBytes(THUMB_BYTES),
});
const audio = z.strictObject({
  seconds: unsigned,
  waveform: z.optional(cappedBytes(WAVEFORM_BYTES)),
});

export const fileFields = {
  blob: bytes16,
  /** F1: of this file alone */
  key: bytes32,
  /** F1: hash of the trailer, by which any range verifies */
  trailer: bytes32,
  /** bytes, without padding */
  size: positive,
  type: z.enum(FILE_TYPE_NAMES),
  name: z.string(),
  caption: z.optional(z.string()),
  image: z.optional(image),
  audio: z.optional(audio),
  /** recorded here, not chosen from files */
  voice: z.optional(z.literal(true)),
};

const fileBody = z.object(fileFields);
export type FileBody = Readonly<z.infer<typeof fileBody>>;

/** F2: a sender can write anything: the name is clean and fits the type, and nothing is said of what the type has not. */
export function isFileBody(said: FileBody): boolean {
  const { size, type, name, caption, image: picture, audio: sound, voice } = said;
  const shape = shapeOf(type);
  if (size > LIMITS.fileBytesMax || fileName(name, type) !== name) return false;
  if (caption !== undefined && (caption.length === 0 || caption.length > LIMITS.text)) return false;
  if (picture && (shape !== "image" || Math.max(picture.width, picture.height) > SIDE_MOST)) {
    return false;
  }
  return shape === "audio" || (sound === undefined && voice === undefined);
}
