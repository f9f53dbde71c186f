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

/** Encoding, keys, conversations, invitations, messages, steps, files, notices, time. */
const ID = "[EKCIMAFNT]\\d{1,2}";
const TITLE =
  /(?:\b(?:test|it|describe)\b[^"'`\n]*\(|\]\)\(|\)\)\()\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g;

const isTest = ({ path }: Source): boolean => /\.test(?:-kit)?\.tsx?$/.test(path);

/** Titles of the tests and groups in a test file. */
const titlesOf = ({ text }: Source): string[] =>
  [...text.matchAll(TITLE)].map(([, double, single, back]) => double ?? single ?? back ?? "");

/** Ids of rules that a text names. `Shift+F10` and a path of a drawing are none. */
const rulesIn = (text: string): string[] => [
  ...new Set(text.match(new RegExp(`(?<![\\w+#.-])${ID}(?![\\w.]*\\w|:\\d)`, "g")) ?? []),
];

/** Ids that a file cites: in prose, in titles of tests, and in parentheses of what code says. */
function rulesCitedIn(source: Source): string[] {
  if (isDocument(source)) return rulesIn(source.text);
  const said = source.text.match(new RegExp(`\\((?:${ID}(?:, )?)+\\)`, "g")) ?? [];
  const titles = isTest(source) ? titlesOf(source) : [];
  return rulesIn([commentsOf(source), ...titles, ...said].join("\n"));
}

interface Rule {
  readonly id: string;
  readonly files: readonly string[] | "owed";
  readonly tests: readonly string[] | "owed";
  readonly owed: string | null;
}

/** The item of a rule's list that begins with this word; null if there is none. */
function itemOf(section: string, word: string): string | null {
  const [, item] = section.split(new RegExp(`^- ${word}:\\s`, "m"));
  return (
    item
      ?.split(/\n(?! {2})/)[0]
      ?.replaceAll(/\s+/g, " ")
      .trim() ?? null
  );
}

function namesOf(item: string | null): readonly string[] | "owed" {
  if (item === "owed") return "owed";
  return [...(item ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

const paths = pathsBelow();
const sources = readTexts(paths).filter((source) => isCode(source) || isDocument(source));
const page = sources.find(({ path }) => path === "docs/RULES.md")?.text ?? "";
const rules: readonly Rule[] = page
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    id: section.match(/^\S+/)?.[0] ?? "",
    files: namesOf(itemOf(section, "Files")),
    tests: namesOf(itemOf(section, "Tests")),
    owed: itemOf(section, "Owed"),
  }));
const ids = rules.map(({ id }) => id);

/** Ids that each file but this page cites. */
const citedIn = new Map(
  sources
    .filter(({ path }) => path !== "docs/RULES.md")
    .map((source) => [source.path, rulesCitedIn(source)]),
);
/** What may enforce a rule. */
const naming = sources
  .filter((source) => isCode(source) && !isTest(source))
  .map(({ path }) => path);
const titled = sources.filter(isTest).map((source) => ({
  path: source.path,
  named: rulesIn(titlesOf(source).join("\n")),
}));

describe("the page of rules", () => {
  test("has each rule once, and of each letter all from 1 on", () => {
    const letters = Map.groupBy(ids, (id) => id.charAt(0));
    for (const [letter, named] of letters) {
      expect(named).toEqual(named.map((_, i) => `${letter}${i + 1}`));
    }
    expect([...letters.keys()].toSorted().join("")).toBe("ACEFIKMNT");
  });

  test("has every rule that code, tests and documents cite", () => {
    const strange = [...citedIn].flatMap(([path, cited]) =>
      cited.filter((id) => !ids.includes(id)).map((id) => `${path}: ${id}`),
    );
    expect(strange).toEqual([]);
  });
});

describe.for(rules)("$id", ({ id, files, tests, owed }) => {
  test("names files that name it, or is owed altogether", () => {
    if (files === "owed") {
      expect(naming.filter((path) => citedIn.get(path)?.includes(id))).toEqual([]);
      expect(owed).toBe("all of it.");
      return;
    }
    expect(files).not.toEqual([]);
    for (const name of files) {
      const found = filesNamed(name, naming);
      expect(found, name).not.toEqual([]);
      expect(
        found.some((path) => citedIn.get(path)?.includes(id)),
        `${name} cites it`,
      ).toBe(true);
    }
  });

  test("names tests that have it in a title, or has none and says so", () => {
    const titles = titled.filter(({ named }) => named.includes(id)).map(({ path }) => path);
    if (tests === "owed") {
      expect(titles).toEqual([]);
      return;
    }
    expect(tests).not.toEqual([]);
    for (const name of tests) {
      expect(
        filesNamed(name, paths).some((path) => titles.includes(path)),
        name,
      ).toBe(true);
    }
  });
});

describe("what counts as a citation", () => {
  const inFile = (text: string, path = "web/a.ts") => rulesCitedIn({ path, text });

  test("a comment, a title, a message of code, a line of a document", () => {
    expect(inFile("/** As C4 says (M6). */ const F1 = 1;")).toEqual(["C4", "M6"]);
    expect(inFile('test.each(all)("E1 M9: %s", () => read("K9"));', "a.test.ts")).toEqual([
      "E1",
      "M9",
    ]);
    expect(inFile('refuse("bad key (E7)"); draw("M12 3h4");')).toEqual(["E7"]);
    expect(inFile("What T1 asks for.", "a.md")).toEqual(["T1"]);
  });

  test("neither a key of the keyboard nor a part of a word", () => {
    expect(inFile("// Shift+F10, AES-C4, UTF-M8, K12a and T00:00")).toEqual([]);
  });
});
