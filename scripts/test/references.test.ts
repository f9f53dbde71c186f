import { describe, expect, test } from "vitest";
import {
  type Source,
  commentsOf,
  filesNamed,
  isCode,
  isDocument,
  pathsBelow,
  readTexts,
} from "./repository.test-kit.ts";

const FILE = /[\w@.*/-]*[\w*]\.(?:tsx?|mjs|css|html|md|toml|sql|json)\b(?![\w/-])/g;
const FOLDER = /(?<![\w/.@-])(?:workers|web|docs|bench|migrations|scripts|\.ci)\/[\w./*-]*[\w*]/g;
/** What builds, measurements and the server itself make. */
const MADE = /^(?:bench-results|dist|\/?api)\//;
/** `x` and `y` stand for any name, as in `x.test.ts`. */
const ANY_NAME = /(?:^|\/)[xy]\./;

const paths = pathsBelow();
const folders = new Set(
  paths.flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))),
);
const texts = readTexts(paths);

/** Prose of a file: of a document what stands in backticks or is linked, of code its comments. */
const prose = (source: Source): string =>
  isDocument(source)
    ? [...source.text.matchAll(/`([^`\n]+)`|\]\(([^)\s]+)\)/g)].map(([, a, b]) => a ?? b).join("\n")
    : commentsOf(source);

const exists = (cited: string): boolean =>
  MADE.test(cited) || filesNamed(cited, paths).length > 0 || folders.has(cited);

/** Files and folders that a text cites and that are not there. */
function missingIn(source: Source): string[] {
  const said = prose(source).replaceAll(/https?:\/\/\S+/g, "");
  const cited = [...(said.match(FILE) ?? []), ...(said.match(FOLDER) ?? [])];
  return [...new Set(cited)].filter((name) => !ANY_NAME.test(name) && !exists(name));
}

/** Names of the decisions, from the list in ARCHITECTURE. */
const architecture = texts.find(({ path }) => path === "docs/ARCHITECTURE.md")?.text ?? "";
const [, decisions = ""] = architecture.split(/^## Decisions$/m);
const names = [...(decisions.split(/^## /m)[0] ?? "").matchAll(/^- \*\*(.+?)\.\*\*/gm)].map(
  ([, name = ""]) => name.toLowerCase(),
);

/** Decisions that a text cites in a way that leads nowhere: by number, or by a name that none has. */
function lostDecisionsIn(source: Source): string[] {
  const numbered = source.text.match(/\bdecisions? \d+/gi) ?? [];
  const named = [...source.text.matchAll(/\bdecision "([^"$]+)"/gi)].map(([, name = ""]) => name);
  return [...numbered, ...named.filter((name) => !names.includes(name.toLowerCase()))];
}

const inText = (text: string, path = "web/a.ts"): Source => ({ path, text });

describe("what is cited can be found", () => {
  test("files and folders that comments and documents name exist", () => {
    const lost = texts.flatMap((source) => {
      const missing = isCode(source) || isDocument(source) ? missingIn(source) : [];
      return missing.map((name) => `${source.path}: ${name}`);
    });
    expect(lost).toEqual([]);
  });

  test("decisions are cited by a name that ARCHITECTURE has, never by number", () => {
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
    const lost = texts.flatMap((source) =>
      lostDecisionsIn(source).map((name) => `${source.path}: ${name}`),
    );
    expect(lost).toEqual([]);
  });
});

describe("what is not there is noticed", () => {
  test("a file, a folder, a pattern", () => {
    const text = "/** As in gone.ts, and in workers/gone; not in web/core/gone*.test.ts. */";
    const lost = ["gone.ts", "web/core/gone*.test.ts", "workers/gone"];
    expect(missingIn(inText(text)).toSorted()).toEqual(lost);
    expect(missingIn(inText("See [it](docs/GONE.md) and `gone.ts`.", "a.md"))).toEqual([
      "docs/GONE.md",
      "gone.ts",
    ]);
    expect(missingIn(inText("// Beside cbor.ts, web/core and ./x.test.ts."))).toEqual([]);
  });

  test("a decision by number, and one by a name that none has", () => {
    const [number, wrong] = [5, "a wrong name"];
    expect(lostDecisionsIn(inText(`// As decision ${number} says.`))).toHaveLength(1);
    expect(lostDecisionsIn(inText(`test("decision ${number}: so", f);`))).toHaveLength(1);
    expect(lostDecisionsIn(inText(`See decision "${wrong}".`, "a.md"))).toEqual([wrong]);
    expect(lostDecisionsIn(inText('// As decision "one order" says.'))).toEqual([]);
  });
});
