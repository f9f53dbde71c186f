import { globSync, readFileSync } from "node:fs";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../../workers/protocol/errors.ts";
import { formatNumber } from "./en/counts.ts";
import { en } from "./en/en.ts";
import { es } from "./es/es.ts";
import { preferredLanguage } from "./language.ts";
import { noticeEn } from "./notice-en.ts";
import { noticeEs } from "./notice-es.ts";

/** Every string of a catalogue by its path; functions are called with plausible arguments. */
function strings(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const said: unknown = value(3, "Ana", 2);
    return typeof said === "string" ? [[path, said]] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => strings(inner, `${path}.${name}`));
}

const both = [...strings(en), ...strings(es), ...strings(noticeEn), ...strings(noticeEs)];

describe("the voice of the catalogues", () => {
  it("has the same strings in both languages", () => {
    expect(
      strings(es)
        .map(([path]) => path)
        .toSorted(),
    ).toEqual(
      strings(en)
        .map(([path]) => path)
        .toSorted(),
    );
    expect(noticeEs.map((part) => part.paragraphs.length)).toEqual(
      noticeEn.map((part) => part.paragraphs.length),
    );
  });

  it("leaves nothing empty and nothing untranslated", () => {
    expect(both.filter(([, said]) => said.trim() === "")).toEqual([]);
    const english = new Map(strings(en));
    const same = strings(es).filter(([path, said]) => english.get(path) === said);
    const meant = [".app", ".title", ".conversation.arrived", ".message.name"];
    expect(same.map(([path]) => path).filter((path) => !meant.includes(path))).toEqual([]);
  });

  it("does not shout and does not speak of keys", () => {
    expect(both.filter(([, said]) => /[!¡]/u.test(said))).toEqual([]);
    expect(both.filter(([, said]) => /\bkeys?\b|\bclaves?\b/iu.test(said))).toEqual([]);
  });

  it("has a sentence for every refusal of the server", () => {
    for (const code of Object.keys(ERRORS)) {
      expect(en.problems).toHaveProperty(code);
      expect(es.problems).toHaveProperty(code);
    }
  });

  it("counts as each language does", () => {
    expect(en.list.unread(1)).toBe("1 unread message");
    expect(en.list.unread(0)).toBe("0 unread messages");
    expect(en.conversation.latestNew(1200)).toBe("1,200 new messages");
    expect(es.list.unread(1)).toBe("1 mensaje sin leer");
    expect(es.composer.left(1)).toBe("Te queda 1 carácter");
    expect(es.composer.over(12_000)).toContain(`${formatNumber("es", 12_000)} caracteres`);
  });
});

describe("the language of a visitor", () => {
  it("is the one chosen, else the first of the browser that Thyme speaks, else English", () => {
    expect(preferredLanguage("es", ["en-GB"])).toBe("es");
    expect(preferredLanguage(null, ["de-DE", "es-MX", "en"])).toBe("es");
    expect(preferredLanguage("xx", ["fr"])).toBe("en");
  });
});

/** Attributes whose value is read by people. */
const SPOKEN = new Set(["aria-label", "title", "placeholder", "alt", "label", "hint", "error"]);
/** What is the same in every language. */
const NEUTRAL = /^[\s·:.,–—]*$/u;

function literals(node: unknown, found: string[]): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const inner of node) literals(inner, found);
    return;
  }
  const { type, value, name } = node as Record<string, unknown> & {
    value?: { type?: string; value?: unknown };
    name?: { name?: string };
  };
  if (type === "JSXText" && typeof value === "string" && !NEUTRAL.test(value)) found.push(value);
  if (type === "JSXAttribute" && SPOKEN.has(name?.name ?? "") && value?.type === "Literal") {
    // An empty alternative says that a picture is decoration.
    if (!NEUTRAL.test(String(value.value))) found.push(String(value.value));
  }
  if (type === "JSXExpressionContainer") {
    const inner = (node as { expression?: { type?: string; value?: unknown } }).expression;
    if (inner?.type === "Literal" && typeof inner.value === "string") {
      if (!NEUTRAL.test(inner.value)) found.push(inner.value);
    }
  }
  for (const inner of Object.values(node)) literals(inner, found);
}

const inside = (file: string, source: string): string[] => {
  const found: string[] = [];
  literals(parseSync(file, source).program, found);
  return found;
};

describe("strings in components", () => {
  it("are noticed by this test", () => {
    const source = `const a = <p title="Two">One {"Three"} <i aria-label="x" class="no" /></p>;`;
    expect(inside("a.tsx", source).map((said) => said.trim())).toEqual([
      "Two",
      "One",
      "Three",
      "x",
    ]);
  });

  const folder = new URL("..", import.meta.url).pathname;
  const files = globSync("**/*.tsx", { cwd: folder }).filter((file) => !file.includes(".test."));
  it.each(files)("%s takes its words from the catalogue", (file) => {
    expect(inside(file, readFileSync(`${folder}${file}`, "utf8"))).toEqual([]);
  });

  it("looks at every component", () => expect(files.length).toBeGreaterThan(30));
});
