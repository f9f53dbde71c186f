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

/** Rooms of the engine whose ids are text still, and how many: a number here only becomes smaller. */
const OWED: Readonly<Record<string, number>> = {
  account: 2,
  follow: 11,
  log: 46,
  private: 1,
  reading: 34,
  send: 39,
  store: 10,
  wire: 4,
};

/** Behind the edge nothing is cast: an id comes from `workers/protocol/ids.ts` or from what parses it. */
const CAST = /\bas (?:Account|Conversation|Device|Invite|Message|Template)Id\b/gu;

const files = sourceFiles().filter(
  (file) => /^web\/(?:app|ui)\//u.test(file) && !OF_ELEMENTS.has(file),
);
const roomOf = (file: string): string => /^web\/app\/engine\/([^/]+)\//u.exec(file)?.[1] ?? "";

const found = files.flatMap((file) =>
  bareIn(readFileSync(join(root, file), "utf8")).map((what) => ({ file, what })),
);

test("an id is never just a text: the compiler tells one kind from another", () => {
  const elsewhere = found.filter(({ file }) => !(roomOf(file) in OWED));
  expect(elsewhere).toEqual([]);
});

test("no text is cast to an id", () => {
  const all = sourceFiles().map((file) => readFileSync(join(root, file), "utf8"));
  expect(all.flatMap((source) => source.match(CAST) ?? [])).toEqual([]);
  expect("const id = text as ConversationId;".match(CAST)).toHaveLength(1);
});

test("the rooms whose ids are text still have no more of them than before", () => {
  const counts = Map.groupBy(found, ({ file }) => roomOf(file));
  const now = Object.keys(OWED).map((room) => [room, counts.get(room)?.length ?? 0] as const);
  expect(now.filter(([room, count]) => count > (OWED[room] ?? 0))).toEqual([]);
  expect(now.filter(([, count]) => count === 0)).toEqual([]);
});

test("the test would see one", () => {
  expect(bareIn("function open(conversation: string | null, name: string) {}")).toHaveLength(1);
  expect(bareIn("readonly accountId?: string; ids: readonly string[]")).toHaveLength(2);
  expect(bareIn("open(conversation: ConversationId, idle: string)")).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});
