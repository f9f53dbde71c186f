import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { importedEntries } from "./entries.mjs";

let dist: string;

const file = (name: string, code: string): void => writeFileSync(join(dist, name), code);

beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "thyme-dist-"));
  mkdirSync(join(dist, "assets"));
  file("sw.js", "0");
  file("sw-send.js", "0");
  file("assets/engine.worker-Ab_1.js", 'import{a}from"./engine-Cd2.js";a()');
  file("assets/engine-Cd2.js", "export const a=()=>import(`./keys-Ef3.js`)");
  file("assets/index-Gh4.js", 'const u="/assets/engine.worker-Ab_1.js";new Worker(u)');
  file("assets/keys-Ef3.js", "export{}");
});
afterEach(() => rmSync(dist, { recursive: true }));

test("a build whose chunks import no entry passes, and its entries are found", () => {
  expect(importedEntries(dist, ["engine.worker"])).toEqual({
    entries: ["engine.worker-Ab_1.js", "sw-send.js", "sw.js"],
    importers: [],
  });
});

test.each([
  'import"./engine.worker-Ab_1.js"',
  'import{a as b}from"./engine.worker-Ab_1.js"',
  "export*from'./engine.worker-Ab_1.js'",
  "const a=()=>import(`./engine.worker-Ab_1.js`)",
  'const a=()=>import( "../assets/engine.worker-Ab_1.js" )',
])("a chunk with %s is named", (code) => {
  file("assets/keys-Ef3.js", code);
  expect(importedEntries(dist, ["engine.worker"]).importers).toEqual([
    { importer: "keys-Ef3.js", entry: "engine.worker-Ab_1.js" },
  ]);
});

test("so is a chunk that imports the service worker", () => {
  file("assets/keys-Ef3.js", 'import"/sw.js"');
  expect(importedEntries(dist, ["engine.worker"]).importers).toEqual([
    { importer: "keys-Ef3.js", entry: "sw.js" },
  ]);
});
