import { dirname } from "node:path";
import { expect, test } from "vitest";
import { circles, importsOf, sourceFiles } from "./imports.mjs";

const files = sourceFiles();
const imports = importsOf(files);

const MOST_FILES = 25;

/** Files that lie directly in these wire their folders together: each stands for itself. */
const WIRED = new Set([
  "scripts",
  "web",
  "web/app",
  "web/app/engine",
  "web/core",
  "web/ui",
  "workers",
  "workers/conversation",
]);

/** A room of the engine imports only those that stand before it; engine.ts, active-device.ts and background.ts all. */
const ENGINE_ROOMS = [
  "wire",
  "store",
  "conversation",
  "log",
  "chunks",
  "account",
  "private",
  "reading",
  "follow",
  "send",
  "timeline",
  "files",
  "membership",
  "entrance",
];

const folderOf = (file: string): string => (WIRED.has(dirname(file)) ? file : dirname(file));

const betweenFolders = imports
  .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
  .filter(({ from, to }) => from !== to);

test("no folder holds more source files than one can look over", () => {
  const counts = Map.groupBy(files, (file) => dirname(file));
  const crowded = [...counts].filter(([, inside]) => inside.length > MOST_FILES);
  expect(crowded.map(([folder, inside]) => `${folder}: ${inside.length}`)).toEqual([]);
});

test("no folder imports what imports it, types and later imports included", () => {
  expect(circles(betweenFolders)).toEqual([]);
});

test("the test would see a circle of folders, of types as well", () => {
  const back = { from: "web/app/engine/wire", to: "web/app/engine/send" };
  expect(circles([...betweenFolders, back])).toHaveLength(1);
  expect(betweenFolders).toContainEqual({
    from: "web/app/engine/send",
    to: "web/app/engine/follow",
  });
});

test("the engine's rooms stand on each other in one order", () => {
  const roomOf = (path: string): string =>
    /^web\/app\/engine\/([^/]+)$/.exec(folderOf(path))?.[1] ?? "";
  const found = new Set(files.map(roomOf).filter((room) => room && !room.endsWith(".ts")));
  expect([...found].toSorted()).toEqual(ENGINE_ROOMS.toSorted());
  const upwards = imports.filter(({ from, to }) => {
    const [lower, upper] = [ENGINE_ROOMS.indexOf(roomOf(to)), ENGINE_ROOMS.indexOf(roomOf(from))];
    return upper >= 0 && (lower > upper || (lower < 0 && to.startsWith("web/app/engine/")));
  });
  expect(upwards).toEqual([]);
});
