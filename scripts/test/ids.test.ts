import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../machine/node24.mjs";
import { sourceFiles } from "./imports.mjs";

/** A parameter or property that is named like an id, or like several, and is any text. */
const BARE =
  /\b(?:id|ids|(?:conversation|account|device|message|invite|template)Ids?|conversations?|accounts?|devices?|invites?|owner|author)\??: (?:readonly )?string\b/gu;

const bareIn = (source: string): string[] => source.match(BARE) ?? [];

/** Ids of elements in the document. */
const OF_ELEMENTS = new Set(["web/ui/kit/field.tsx"]);

/** Behind the edge nothing is cast: an id comes from `workers/protocol/ids.ts` or from what parses it. */
const CAST = /\bas (?:Account|Conversation|Device|Invite|Message|Template)Id\b/gu;

const files = sourceFiles().filter(
  (file) => /^web\/(?:app|ui)\//u.test(file) && !OF_ELEMENTS.has(file),
);
const found = files.flatMap((file) =>
  bareIn(readFileSync(join(root, file), "utf8")).map((what) => ({ file, what })),
);

test("an id is never just a text: the compiler tells one kind from another", () => {
  expect(found).toEqual([]);
});

test("no text is cast to an id", () => {
  const all = sourceFiles().map((file) => readFileSync(join(root, file), "utf8"));
  expect(all.flatMap((source) => source.match(CAST) ?? [])).toEqual([]);
  expect("const id = text as ConversationId;".match(CAST)).toHaveLength(1);
});

test("the test would see one", () => {
  expect(bareIn("function open(conversation: string | null, name: string) {}")).toHaveLength(1);
  expect(bareIn("readonly accountId?: string; ids: readonly string[]")).toHaveLength(2);
  expect(bareIn("open(conversation: ConversationId, idle: string)")).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});
