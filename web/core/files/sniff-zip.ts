import type { FileType } from "./file-type.ts";
import { FileError } from "./refused.ts";
import { type Fields, type Source, fieldsOf, readWithin } from "./source.ts";

/** The end record (APPNOTE.TXT section 4.3.16), without a comment: one would be room for another file. */
const END = 22;
const END_SIGNATURE = 0x06054b50;
const ENTRY = 46;
const ENTRY_SIGNATURE = 0x02014b50;
/** More than any document of ours has. */
const ENTRIES = 10_000;
const DIRECTORY = 4 * 1024 * 1024;

/** What runs, or brings a file of its own that does. */
const ACTIVE =
  /vbaproject|vbadata|macrosheets\/|activex\/|\.(?:bin|exe|dll|js|vbs|hta|html?|svg)$/i;
/** What programs write beside that runs nothing: printers' settings. */
const HARMLESS = /^xl\/printersettings\/printersettings\d+\.bin$/i;

function entriesOf(directory: Fields, count: number): string[] {
  const names: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (directory.u32le(at) !== ENTRY_SIGNATURE) throw new FileError("file_damaged", "directory");
    const name = directory.u16le(at + 28);
    names.push(directory.text(at + ENTRY, name));
    at += ENTRY + name + directory.u16le(at + 30) + directory.u16le(at + 32);
  }
  return names;
}

/** By its directory: a text document or a spreadsheet of Office Open XML (ECMA-376) in which nothing runs. */
export async function sniffZip(source: Source): Promise<FileType> {
  const end = fieldsOf(await readWithin(source, source.size - END, source.size));
  if (end.length !== END || end.u32le(0) !== END_SIGNATURE) throw new FileError("file_type", "zip");
  const [count, size, from] = [end.u16le(10), end.u32le(12), end.u32le(16)];
  // What stands before or behind would be another file for whoever reads from the other end.
  if (from + size + END !== source.size) throw new FileError("file_type", "zip");
  if (count > ENTRIES || size > DIRECTORY) throw new FileError("file_type", "zip");
  const names = entriesOf(fieldsOf(await readWithin(source, from, from + size)), count);
  if (names.some((name) => ACTIVE.test(name) && !HARMLESS.test(name))) {
    throw new FileError("file_type", "active content");
  }
  const has = new Set(names);
  if (!has.has("[Content_Types].xml")) throw new FileError("file_type", "zip");
  const isText = has.has("word/document.xml");
  if (isText === has.has("xl/workbook.xml")) throw new FileError("file_type", "zip");
  return isText
    ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}
