import { FileError } from "./refused.ts";
import { CHUNK } from "./layout.ts";
import { type Source, ascii, readWithin } from "./source.ts";
import { createTextCheck } from "./utf8.ts";

const HEAD = 64 * 1024;

/** As browsers take bytes for a page (WHATWG MIME Sniffing section 7.1), or systems for a script. */
const MARKUP = /^(?:\xef\xbb\xbf)?\s*(?:<[a-z!?/]|#!)/i;
/** Wherever it stands in the first bytes. */
const PAGE = /<(?:!doctype\s+html|html|script|svg|iframe|body|head)[\s>/]/i;
/** What opens as something that runs. */
const RUNS =
  /\.(?:html?|xhtml|xml|svgz?|m?js|cjs|jsx|tsx?|css|php\d?|py|rb|pl|sh|bash|zsh|bat|cmd|ps1|vbs?|wsf|hta|jar|reg|url|desktop|scpt|command|lnk)\s*$/i;

/** What has no signature is text, if it reads as such, and neither a page nor a script. */
export async function sniffText(source: Source, name: string): Promise<"text/plain" | "text/csv"> {
  const head = await readWithin(source, 0, HEAD);
  if (!createTextCheck().take(head)) throw new FileError("file_type", "no text");
  const text = latin1(head);
  if (MARKUP.test(text) || PAGE.test(text) || RUNS.test(name)) {
    throw new FileError("file_type", "markup or script");
  }
  return /\.csv\s*$/i.test(name) ? "text/csv" : "text/plain";
}

/** Each byte as a character, however many there are. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += ascii(bytes.subarray(at, at + 8_192));
  return text;
}

/** Whether all of it is text. Throws FileError `file_type` where it is not. */
export async function checkText(source: Source): Promise<void> {
  const check = createTextCheck();
  for (let at = 0; at < source.size; at += CHUNK) {
    if (!check.take(await readWithin(source, at, at + CHUNK))) {
      throw new FileError("file_type", "no text");
    }
  }
  if (!check.end()) throw new FileError("file_type", "no text");
}
