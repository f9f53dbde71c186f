import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/node24.mjs";

const SKIPPED = new Set(["node_modules", ".git", ".cache", ".wrangler", "dist", "bench-results"]);
const TEXT = /\.(?:ts|tsx|mjs|css|html|md|toml|json|sql)$|^\.ci\/run$/;
const CODE = /\.(?:ts|tsx|mjs|css|html|toml)$|^\.ci\/run$/;

/** A text of the repository. */
export interface Source {
  /** from the repository's root, with slashes */
  readonly path: string;
  readonly text: string;
}

/** Paths of all files below `folder`, built and installed ones left out. */
export function pathsBelow(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name)) return [];
    return entry.isDirectory() ? pathsBelow(path) : [path];
  });
}

/** The texts among these files that people wrote. */
export const readTexts = (paths: readonly string[]): Source[] =>
  paths
    .filter((path) => TEXT.test(path) && path !== "package-lock.json")
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

export const isCode = ({ path }: Source): boolean => CODE.test(path);
export const isDocument = ({ path }: Source): boolean => path.endsWith(".md");

/** Comments of a source, SQL ones in it too. A string that looks like a comment is taken for one. */
export function commentsOf({ path, text }: Source): string {
  const found = /\.(?:toml|html)$|^\.ci\/run$/.test(path)
    ? text.matchAll(/(?<=^\s*)#.*$|<!--[\s\S]*?-->/gm)
    : text.matchAll(/(?<=^|[\s{(])\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|(?<=^\s*)-- .*$/gm);
  return [...found].map(([comment]) => comment).join("\n");
}

/** Files that a citation means: a whole path, its end, or a pattern with `*`. */
export function filesNamed(cited: string, paths: readonly string[]): string[] {
  const plain = cited.replace(/^(?:\.{1,2}\/)+/, "").replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?:^|/)${plain.replaceAll("*", "[^/]*")}$`);
  return paths.filter((path) => pattern.test(path));
}
