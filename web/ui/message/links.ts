/** Addresses in what people write. Nothing is fetched: a link is only something to press. */

export type TextSegment =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "link";
      /** as it was written */
      readonly text: string;
      readonly href: string;
      /** where it leads, when that is not what one reads: other alphabets, numbers for a host */
      readonly host: string | null;
    };

const START = /https?:\/\/|www\.|@/giu;
/** Blanks, quotes, controls, and what turns the direction of a line or has no width. */
const END = /[\s"<>`\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const LETTER = /[\p{L}\p{N}]/u;
const TRAILING = /[.,;:!?'’”»…*_~]/u;
const LOCAL = /[\p{L}\p{N}._%+-]/u;
const DOMAIN = /[\p{L}\p{M}\p{N}.-]/u;
const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

const count = (text: string, character: string): number => text.split(character).length - 1;

/** Without the punctuation of the sentence around it; a bracket stays if it was opened within. */
function trimmed(address: string): string {
  const loose: Record<string, number> = {};
  for (const [closing, opening] of Object.entries(CLOSING)) {
    loose[closing] = count(address, closing) - count(address, opening);
  }
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? "";
    if (TRAILING.test(last)) continue;
    const more = loose[last] ?? 0;
    if (more <= 0) break;
    loose[last] = more - 1;
  }
  return address.slice(0, end);
}

function runEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !END.test(text[end] ?? "")) end += 1;
  return end;
}

function parsed(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly href: string;
  readonly host: string | null;
}

function webAddress(text: string, start: number): Found | null {
  if (LETTER.test(text[start - 1] ?? "")) return null;
  const written = trimmed(text.slice(start, runEnd(text, start)));
  const bare = /^www\./iu.test(written);
  const url = parsed(bare ? `https://${written}` : written);
  if (url === null || !/^https?:$/u.test(url.protocol) || !url.hostname.includes(".")) return null;
  // "https://bank.example@elsewhere.example" leads elsewhere: it stays text.
  if (url.username !== "" || url.password !== "") return null;
  const read = written.replace(/^https?:\/\//iu, "").split(/[/?#:\\]/u)[0] ?? "";
  const host = read.toLowerCase() === url.hostname ? null : url.hostname;
  return { start, end: start + written.length, href: url.href, host };
}

function mailAddress(text: string, at: number, after: number): Found | null {
  let start = at;
  while (start > after && LOCAL.test(text[start - 1] ?? "")) start -= 1;
  let end = at + 1;
  while (end < text.length && DOMAIN.test(text[end] ?? "")) end += 1;
  const domain = text.slice(at + 1, end).replace(/[.-]+$/u, "");
  const local = text.slice(start, at);
  if (local === "" || local.startsWith(".") || !/^[^.].*\.\p{L}{2,}$/u.test(domain)) return null;
  if (text[at + 1 + domain.length] === "@") return null;
  const url = parsed(`https://${domain}/`);
  if (url === null || !local.isWellFormed()) return null;
  const host = domain.toLowerCase() === url.hostname ? null : url.hostname;
  const href = `mailto:${encodeURIComponent(local)}@${url.hostname}`;
  return { start, end: at + 1 + domain.length, href, host };
}

/**
 * The text in segments, in order; joined they are the text again. Only http, https and mail addresses become links,
 * whatever else is written.
 */
export function segmentsOf(text: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let done = 0;
  for (const match of text.matchAll(START)) {
    if (match.index < done) continue;
    const found =
      match[0] === "@" ? mailAddress(text, match.index, done) : webAddress(text, match.index);
    if (found === null) continue;
    const { start, end, href, host } = found;
    if (start > done) segments.push({ kind: "text", text: text.slice(done, start) });
    segments.push({ kind: "link", text: text.slice(start, end), href, host });
    done = end;
  }
  if (done < text.length) segments.push({ kind: "text", text: text.slice(done) });
  return segments;
}
