/** What of a file is to be served. */
export type Part =
  | { readonly kind: "whole" }
  | { readonly kind: "some"; readonly offset: number; readonly length: number }
  /** nothing of what was asked for exists (RFC 9110 section 15.5.17) */
  | { readonly kind: "none" };

const WHOLE: Part = { kind: "whole" };

/**
 * Reads a Range header (RFC 9110 section 14.1.2) for a file of so many bytes. One range of bytes is served; several,
 * other units and what is malformed are ignored, as the RFC allows: then the whole file is.
 */
export function partOf(header: string | null, size: number): Part {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header ?? "") ?? [];
  if (first === "" && last === "") return WHOLE;
  if (first === "") {
    const length = Math.min(size, Number(last));
    return length === 0 ? { kind: "none" } : { kind: "some", offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return WHOLE;
  if (offset >= size) return { kind: "none" };
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  return { kind: "some", offset, length: end - offset };
}
