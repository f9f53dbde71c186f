import * as fc from "fast-check";
import { expect, test } from "vitest";
import { utf8ToBytes } from "../crypto/primitives.ts";
import { fileName } from "./file-name.ts";
import { FILE_TYPES, FILE_TYPE_NAMES } from "./file-type.ts";

const pdf = (name: string) => fileName(name, "application/pdf");

test("F2 a name that is clean stays as it is", () => {
  for (const name of ["plan.pdf", "Análisis 2026 (1).PDF", "食事.pdf", "👩‍👧.pdf", "a.b.pdf"]) {
    expect(pdf(name)).toBe(name);
  }
});

test("F2 a path is no part of a name", () => {
  expect(pdf("/etc/passwd/plan.pdf")).toBe("plan.pdf");
  expect(pdf("C:\\fakepath\\plan.pdf")).toBe("plan.pdf");
  expect(pdf("../../plan.pdf")).toBe("plan.pdf");
  expect(pdf("..")).toBe("file.pdf");
  expect(pdf("a/")).toBe("file.pdf");
});

test("F2 what turns the direction, breaks lines or takes no room goes", () => {
  for (const code of [
    0x00, 0x0a, 0x1b, 0x7f, 0x85, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x202a, 0x202b,
    0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xd800, 0xdfff,
  ]) {
    expect(pdf(`inv${String.fromCharCode(code)}oice.pdf`), code.toString(16)).toBe("invoice.pdf");
  }
  expect(pdf("invoice\u202efdp.exe")).toBe("invoicefdp.exe.pdf");
});

test("F2 what a browser or system would open by its name gets the ending of what it is", () => {
  expect(fileName("x.html", "image/jpeg")).toBe("x.html.jpg");
  expect(fileName("x.jpg.svg", "image/jpeg")).toBe("x.jpg.svg.jpg");
  expect(fileName("x.js", "text/plain")).toBe("x.js.txt");
  expect(fileName("x.jpg .", "image/jpeg")).toBe("x.jpg");
  expect(fileName("x", "audio/webm")).toBe("x.webm");
  expect(fileName(".jpg", "image/jpeg")).toBe("jpg.jpg");
});

test("F2 500 characters become short, and keep how they end", () => {
  const long = pdf(`${"a".repeat(500)}.pdf`);
  expect(long).toBe(`${"a".repeat(236)}.pdf`);
  const wide = pdf(`${"👍".repeat(500)}.pdf`);
  expect(wide).toBe(`${"👍".repeat(59)}.pdf`);
});

test("F2 whatever is given, the name is the same when it is cleaned again, short, and of its type", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom(".", " ", "/", "\\", "\u202e", "\u0000", "a", ".pdf", "\ud800"))
      .map((parts) => parts.join("")),
    fc.nat(1000).map((n) => "é".repeat(n)),
  );
  fc.assert(
    fc.property(nasty, fc.constantFrom(...FILE_TYPE_NAMES), (given, type) => {
      const name = fileName(given, type);
      expect(fileName(name, type)).toBe(name);
      expect(utf8ToBytes(name).length).toBeLessThanOrEqual(240);
      const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
      expect(FILE_TYPES[type].endings).toContain(ending);
      expect(name).not.toMatch(/\p{Cc}|[/\\\u202a-\u202e\u2066-\u2069]/u);
    }),
    { numRuns: 500 },
  );
});
