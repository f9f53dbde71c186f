import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSync } from "vite";
import { nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

/** @typedef {import("./guards.mjs").Guard} Guard */

/** What the list names in place of a test where the compiler itself misses a check. */
export const COMPILER = "the compiler";

const PROJECTS = ["tsconfig.pure.json", "tsconfig.engine.json"];
const COPIED = ["web", "workers", "tsconfig.base.json", "package.json", ...PROJECTS];

/** What stands in a check's place: no literal, of which the compiler would say that what follows is never reached. */
const INSTEAD = { false: "(false as boolean)", true: "(true as boolean)", undefined: "undefined" };

/**
 * Which of these checks cannot be taken out without an error of the compiler in the same statement of the module: what
 * they exclude is of a type that what follows does not take. One of each file at a time, so that each error has one cause.
 * @param {readonly Guard[]} guards all
 * @param {readonly number[]} chosen
 * @returns {Promise<Set<number>>}
 */
export async function missedByCompiler(guards, chosen) {
  const scratch = mkdtempSync(join(tmpdir(), "thyme-compiled-"));
  for (const path of COPIED) cpSync(join(root, path), join(scratch, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  /** @type {Set<number>} */
  const missed = new Set();
  try {
    for (const turn of turnsOf(guards, chosen)) {
      const mutants = turn.map((n) => put(scratch, guards[n], n));
      for (const error of await errorsOf(scratch)) {
        const mutant = mutants.find(({ file }) => file === error.file);
        const at = mutant ? offsetOf(mutant.code, error) : -1;
        if (mutant && at >= mutant.from && at < mutant.to) missed.add(mutant.n);
      }
      for (const { file } of mutants) cpSync(join(root, file), join(scratch, file));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return missed;
}

/** @param {readonly Guard[]} guards @param {readonly number[]} chosen @returns {number[][]} */
function turnsOf(guards, chosen) {
  const fit = chosen.filter((n) => guards[n] && guards[n].gone !== "check");
  const byFile = [...Map.groupBy(fit, (n) => guards[n]?.file).values()];
  const most = Math.max(0, ...byFile.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => byFile.flatMap((inside) => inside[turn] ?? []));
}

/** Writes a module without one check. @param {string} scratch @param {Guard | undefined} guard @param {number} n */
function put(scratch, guard, n) {
  if (!guard || guard.gone === "check") throw new Error(`no such check: ${n}`);
  const { file, start, end } = guard;
  const whole = readFileSync(join(root, file), "utf8");
  const instead = INSTEAD[guard.gone];
  const code = whole.slice(0, start) + instead + whole.slice(end);
  writeFileSync(join(scratch, file), code);
  const statement = parseSync(file, whole).program.body.find(
    (one) => one.start <= start && end <= one.end,
  );
  const from = statement?.start ?? 0;
  const to = (statement?.end ?? whole.length) + code.length - whole.length;
  return { n, file, code, from, to };
}

/** @param {string} code @param {{ line: number, column: number }} place */
const offsetOf = (code, { line, column }) =>
  code
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, { length }) => sum + length + 1, column - 1);

/** @param {string} scratch */
async function errorsOf(scratch) {
  const said = await Promise.all(PROJECTS.map((project) => compiled(scratch, project)));
  return said
    .join("\n")
    .split("\n")
    .flatMap((text) => {
      const [, file, line, column] = /^(\S+)\((\d+),(\d+)\): error TS/.exec(text) ?? [];
      return file ? [{ file, line: Number(line), column: Number(column) }] : [];
    });
}

/** What the compiler prints of a project. @param {string} cwd @param {string} project @returns {Promise<string>} */
function compiled(cwd, project) {
  const args = [tools.tsc, "-p", project, "--pretty", "false", "--incremental", "false"];
  const child = spawn(nodePath(), args, {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
    env: toolEnv(),
  });
  let out = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (/** @type {string} */ text) => (out += text));
  return new Promise((resolve) => child.once("close", () => resolve(out)));
}
