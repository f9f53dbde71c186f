import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./node24.mjs";

const scripts = ["sw.js", "sw-send.js"];

/**
 * Which scripts of a build import the entry of a worker or a service worker. WebKit evaluates such an entry again for
 * the importer, so that everything in it runs twice: an entry must never be a library.
 * @param {string} dist a built client
 * @param {readonly string[]} workers names of the worker entries' sources, without their ending
 * @returns {{ entries: string[], importers: { importer: string, entry: string }[] }}
 */
export function importedEntries(dist, workers) {
  const assets = readdirSync(join(dist, "assets")).filter((name) => name.endsWith(".js"));
  const entries = [
    ...assets.filter((name) => workers.some((worker) => name.startsWith(`${worker}-`))),
    ...readdirSync(dist).filter((name) => scripts.includes(name)),
  ];
  const files = [...assets.map((name) => join("assets", name)), ...scripts];
  const importers = files.flatMap((file) => {
    const code = readFileSync(join(dist, file), "utf8");
    const imported = [...code.matchAll(/(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]/g)];
    const names = new Set(imported.map(([, path = ""]) => basename(path)));
    const found = entries.filter((entry) => names.has(entry));
    return found.map((entry) => ({ importer: basename(file), entry }));
  });
  return { entries, importers };
}

/** Says which entries of dist/ are imported; returns whether all are there and none is. */
export function checkEntries() {
  const sources = readdirSync(join(root, "web"), { recursive: true, encoding: "utf8" });
  const workers = sources
    .filter((path) => path.endsWith(".worker.ts"))
    .map((path) => basename(path, ".ts"));
  const { entries, importers } = importedEntries(join(root, "dist"), workers);
  for (const { importer, entry } of importers) console.log(`${importer} imports ${entry}`);
  const isWhole = entries.length === workers.length + scripts.length;
  console.log(
    isWhole ? `entries: ${entries.join(", ")}` : `Not one entry each: ${entries.join(", ")}`,
  );
  return isWhole && importers.length === 0;
}
