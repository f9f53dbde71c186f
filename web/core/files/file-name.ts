import { utf8ToBytes } from "../crypto/primitives.ts";
import { FILE_TYPES, type FileType } from "./file-type.ts";

/** Bytes in UTF-8: what every file system takes, with room for " (1)" that a browser appends. */
const MOST_BYTES = 240;

/** Controls, line separators, marks and overrides of direction, what takes no room, and halves of a pair. */
const INVISIBLE =
  /\p{Cc}|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]|\p{Cs}/gu;
/** What no file system of the usual ones takes. */
const RESERVED = /[<>:"|?*]/g;
const BLANKS = /\s+/g;
/** Hidden, or cut off by Windows */
const OUTER = /^[\s.]+|[\s.]+$/g;

/** So much of a text that it has at most so many bytes; pairs stay whole. */
function cut(text: string, most: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8ToBytes(character).length;
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}

const tidy = (name: string): string =>
  name.replace(INVISIBLE, "").replace(RESERVED, "_").replace(BLANKS, " ").replace(OUTER, "");

const isEndingOf = (type: FileType, ending: string): boolean =>
  FILE_TYPES[type].endings.some((one) => one === ending.toLowerCase());

/**
 * F2: a name under which a file of this type is shown and saved: no path, nothing that turns or hides parts of it, not
 * too long, and ending as its type does, so that what it opens with is what was checked. The result given again is the same.
 */
export function fileName(given: string, type: FileType): string {
  const name = tidy(given.split(/[/\\]/).at(-1) ?? "");
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.slice(dot + 1);
  const isRight = isEndingOf(type, ending);
  const [usual] = FILE_TYPES[type].endings;
  const last = `.${isRight ? ending : usual}`;
  const stem = tidy(cut(isRight ? name.slice(0, dot) : name, MOST_BYTES - last.length));
  return `${stem || "file"}${last}`;
}
