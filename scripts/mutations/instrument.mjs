import { join } from "node:path";
import { root } from "../machine/node24.mjs";

/** @typedef {import("./guards.mjs").Guard} Guard */

const OFF = "globalThis.thymeGuardIsOff";
const CHECK = "globalThis.thymeGuardedCheck";

/** @type {Record<Guard["gone"], (n: number) => readonly [string, string]>} */
const AROUND = {
  false: (n) => [`(${OFF}(${n}) ? false : (`, "))"],
  true: (n) => [`(${OFF}(${n}) ? true : (`, "))"],
  undefined: (n) => [`(${OFF}(${n}) ? undefined : (`, "))"],
  check: (n) => [`${CHECK}(${n}, `, ")"],
};

/**
 * The code with a switch around each guard, so that one build serves all mutants (switch.ts turns them off). No line
 * moves: what a failure names is where it stands.
 * @param {string} code
 * @param {readonly (Pick<Guard, "start" | "end" | "gone"> & { n: number })[]} guards of this module, with their numbers
 */
export function instrumented(code, guards) {
  const inserts = guards.flatMap(({ n, start, end, gone }) => {
    const [before, after] = AROUND[gone](n);
    return [
      { at: start, order: -end, text: before },
      { at: end, order: -start - code.length, text: after },
    ];
  });
  // Where several stand at one place what ends comes first, inner before outer, then what begins, outer before inner.
  inserts.sort((a, b) => a.at - b.at || a.order - b.order);
  let out = "";
  let from = 0;
  for (const { at, text } of inserts) {
    out += code.slice(from, at) + text;
    from = at;
  }
  return out + code.slice(from);
}

/**
 * A plugin that puts the switches into the modules as they are loaded; the files stay as they are.
 * @param {readonly Guard[]} guards all
 * @returns {import("vite").Plugin}
 */
export function guardSwitches(guards) {
  const numbered = guards.map((guard, n) => ({ ...guard, n }));
  const byFile = Map.groupBy(numbered, ({ file }) => join(root, file));
  return {
    name: "thyme-guard-switches",
    enforce: "pre",
    transform(code, id) {
      const inside = byFile.get(id.split("?")[0] ?? id);
      return inside ? { code: instrumented(code, inside), map: null } : undefined;
    },
  };
}
