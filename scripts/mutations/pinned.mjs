import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/node24.mjs";

const path = join(root, "scripts/mutations/guards.json");
const survivorsPath = join(root, "scripts/mutations/survivors.json");

/** What a guard without a test has in its place. */
const NONE = "";

/**
 * Why a guard may go without a test that misses it: others imply it, and without all of them the named test fails; or
 * there is nothing to see (`why`), for it saves work or speaks of what cannot be.
 * @typedef {{ readonly with: readonly string[], readonly test: string } | { readonly why: string }} Survival
 */

/**
 * The list in the repository: each guard, and the test (`file > title`) that was seen to fail without it.
 * @returns {Map<string, string | null>}
 */
export function pinned() {
  /** @type {Record<string, Record<string, string>>} */
  const files = JSON.parse(readFileSync(path, "utf8"));
  return new Map(
    Object.entries(files).flatMap(([file, guards]) =>
      Object.entries(guards).map(
        ([rest, test]) => /** @type {const} */ ([`${file} | ${rest}`, test === NONE ? null : test]),
      ),
    ),
  );
}

/**
 * @param {readonly import("./guards.mjs").Guard[]} guards all that there are
 * @param {ReadonlyMap<string, string | null>} tests
 */
export function pin(guards, tests) {
  const files = [...Map.groupBy(guards, ({ file }) => file)].map(([file, inside]) => [
    file,
    Object.fromEntries(
      inside.map(({ key }) => [key.slice(file.length + 3), tests.get(key) ?? NONE]),
    ),
  ]);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(files), null, 2)}\n`);
}

/** @returns {Map<string, Survival>} */
export const survivors = () =>
  new Map(Object.entries(JSON.parse(readFileSync(survivorsPath, "utf8"))));

/**
 * Where the list and the code differ.
 * @param {readonly string[]} keys of the guards in the code
 */
export function drift(keys) {
  const listed = pinned();
  const now = new Set(keys);
  return {
    unlisted: keys.filter((key) => !listed.has(key)),
    gone: [...listed.keys()].filter((key) => !now.has(key)),
  };
}
