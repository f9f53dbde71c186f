import { expect, test } from "vitest";
import { type Source, pathsBelow, readTexts } from "./repository.test-kit.ts";

const OWNER = "web/app/engine/conversation/keep.ts";
const ROOM = "web/app/engine/conversation/";

const sources = readTexts(pathsBelow("web").filter((path) => /\.tsx?$/.test(path)))
  .concat(readTexts(pathsBelow("scripts/bench")))
  .filter(({ path }) => !/\.(?:test|test-kit)\.tsx?$/.test(path));

/** Stores of what is kept of conversations that a source writes by name, or by a name that is not said. */
function writesIn({ path, text }: Source): string[] {
  const named = /\.(?:put|delete|clear)\(\s*"(?:conversations|chainEnds|reading)"/g;
  // Whoever empties the whole device clears every store by the name that it is given.
  const unnamed = /\bwriter\.(?:put|delete)\((?!\s*")/g;
  const found = [...(text.match(named) ?? []), ...(text.match(unnamed) ?? [])];
  return path === OWNER ? [] : found;
}

/** Objects made of what is kept, outside of the room whose transitions are named for what happened. */
function spreadsIn({ path, text }: Source): string[] {
  // Benchmarks make up what is kept.
  if (path.startsWith(ROOM) || path.startsWith("scripts/")) return [];
  if (!/"\.\.?\/conversation\//.test(text)) return [];
  return text.match(/\{\s*\.\.\.(?:\w+\.)*(?:kept|now|next|record)\b/g) ?? [];
}

const cited = (found: (source: Source) => string[]): string[] =>
  sources.flatMap((source) => found(source).map((what) => `${source.path}: ${what}`));

test("one file writes what is kept of conversations", () => {
  expect(cited(writesIn)).toEqual([]);
  const owner = sources.find(({ path }) => path === OWNER);
  expect(owner && writesIn({ ...owner, path: "another.ts" })).toHaveLength(1);
});

test("the test would see another writer", () => {
  const written = (text: string) => writesIn({ path: "web/app/engine/send/a.ts", text });
  expect(written('await writer.put("conversations", id, next)')).toHaveLength(1);
  expect(written('await tx.clear(\n  "chainEnds")')).toHaveLength(1);
  expect(written("await writer.put(store, id, next)")).toHaveLength(1);
  expect(written('await writer.put("messages", [id, seq], row)')).toEqual([]);
});

test("what is kept of a conversation changes by a named transition alone", () => {
  expect(cited(spreadsIn)).toEqual([]);
  const text = 'import { changeKept } from "../conversation/keep.ts";';
  const spread = (more: string) =>
    spreadsIn({ path: "web/app/engine/send/a.ts", text: text + more });
  expect(spread("(kept) => ({ ...kept, unread: 0 })")).toHaveLength(1);
  expect(spread("{ ...open.kept, unread: 0 }")).toHaveLength(1);
  expect(spread("{ ...held, flags }")).toEqual([]);
});
