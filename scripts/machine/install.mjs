import { spawnSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./node24.mjs";

/** Runs `npm ci` unless node_modules already holds exactly what the lockfile names. */
export function ensureInstalled() {
  if (matchesLockfile()) return;
  // `npm ci` empties what a link leads to, which belongs to somebody else.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      "node_modules is a link to packages that are not the lockfile's: remove the link.",
    );
    process.exit(1);
  }
  console.log("Installing the packages named in package-lock.json (once) ...");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status === 0) return;
  console.error("npm ci failed: the packages could not be installed (is the network reachable?).");
  process.exit(1);
}

function matchesLockfile() {
  const wanted = packages(join(root, "package-lock.json"));
  const present = packages(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined || present === undefined) return false;
  const complete = Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional === true || present[path]?.version === entry.version,
  );
  const exact = Object.entries(present).every(
    ([path, entry]) => wanted[path]?.version === entry.version,
  );
  return complete && exact;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
