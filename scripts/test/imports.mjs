import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { root } from "../machine/node24.mjs";

const FOLDERS = ["scripts", "web", "workers"];
const isSource = /\.(ts|tsx|mjs)$/;
const isTest = /\.test\.tsx?$|\.test-kit\.tsx?$|\.d\.ts$/;
/** Static imports and exports, types as well, and what is fetched later. */
const SPECIFIERS = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"?]+)(?:\?[^"]*)?"/g;

/** Source files of the repository, without tests and what only tests use; paths go by "/". */
export function sourceFiles() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      [folder, ...name.split(sep)].join("/"),
    ),
  ).filter((file) => isSource.test(file) && !isTest.test(file));
}

/**
 * Every import of one source file by another.
 * @param {readonly string[]} files
 * @returns {{ from: string, to: string }[]}
 */
export function importsOf(files) {
  const known = new Set(files);
  return files.flatMap((from) => {
    const code = readFileSync(join(root, from), "utf8");
    return [...code.matchAll(SPECIFIERS)]
      .map(([, path = ""]) =>
        normalize(join(dirname(from), path))
          .split(sep)
          .join("/"),
      )
      .filter((to) => known.has(to))
      .map((to) => ({ from, to }));
  });
}

/**
 * Groups of nodes that can all be reached from each other; a graph without a circle has none (Tarjan).
 * @param {readonly { from: string, to: string }[]} edges
 * @returns {string[][]}
 */
export function circles(edges) {
  const next = Map.groupBy(edges, ({ from }) => from);
  const found = /** @type {string[][]} */ ([]);
  const index = new Map(/** @type {[string, number][]} */ ([]));
  const low = new Map(/** @type {[string, number][]} */ ([]));
  const stack = /** @type {string[]} */ ([]);
  const visit = (/** @type {string} */ node) => {
    index.set(node, index.size);
    let lowest = index.size - 1;
    stack.push(node);
    for (const { to } of next.get(node) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) lowest = Math.min(lowest, low.get(to) ?? index.get(to) ?? lowest);
    }
    low.set(node, lowest);
    if (lowest !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.toSorted());
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return found;
}
