import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { workerBundle } from "../build/build.mjs";
import { printBundleSize } from "../build/bundle-size.mjs";
import { checkEntries } from "../build/entries.mjs";
import { checkSize } from "../build/size.mjs";
import { findChromium } from "../machine/chromium.mjs";
import { root, tools } from "../machine/node24.mjs";
import { runProgram } from "./run-program.mjs";

/** @typedef {import("./lanes.mjs").Step} Step */
/** @typedef {import("./lanes.mjs").Outcome} Outcome */

/** What a step of `--only` needs and nobody asks for by its name; a whole run builds anyway. */
const provisions = { stale: ["e2e", "engines"], chromium: ["browser", "e2e", "mutations"] };

/**
 * Everything that `npm test` does, or these few. The journeys come early: they take longest and wait most, and what
 * computes runs beside them.
 * @param {string} scratch a folder for the reports of the test projects
 * @param {readonly string[]} [only]
 * @returns {Step[]}
 */
export const steps = (scratch, only) => {
  const all = allSteps(scratch);
  if (only === undefined) return all.filter(({ name }) => name !== "stale");
  const needs = Object.entries(provisions).flatMap(([name, users]) =>
    users.some((user) => only.includes(user)) ? [name] : [],
  );
  return all.filter(({ name }) => only.includes(name) || needs.includes(name));
};

/** @param {string} scratch @returns {Step[]} */
function allSteps(scratch) {
  const script = (/** @type {string[]} */ ...path) => join(root, "scripts", ...path);
  const project = projectIn(scratch);
  const builds = ["build", "bundle", "stale"];
  return [
    check("build", [script("build", "build.mjs")]),
    check("types", [tools.tsc, "-b", "--force"]),
    check("stale", [script("build", "build.mjs"), "--if-stale"]),
    {
      ...check("chromium", [script("machine", "provide-chromium.mjs")], () => {
        const path = findChromium();
        if (path !== undefined) process.env["CHROMIUM_PATH"] = path;
        return path !== undefined;
      }),
    },
    {
      ...check("bundle", [script("build", "build.mjs"), "--worker"], () =>
        printBundleSize(dirname(workerBundle)),
      ),
      needs: ["build"],
    },
    { ...project("e2e"), needs: [...builds, "chromium"] },
    check("lint", [tools.oxlint, "--type-aware", "--deny-warnings"]),
    check("format", [tools.biome, "format", "."]),
    check("unused", [tools.knip, "--no-progress"]),
    { ...check("entries", [], checkEntries), needs: ["build"] },
    { ...check("size", [], checkSize), needs: ["build"] },
    { ...project("node"), needs: builds },
    { ...project("workers"), needs: builds },
    { ...project("browser"), needs: ["chromium"] },
    // A few of the checks, others each day: all of them are `npm run test:mutations`.
    {
      ...check("mutations", [script("mutations", "run.mjs"), "--sample"]),
      needs: ["chromium", "browser"],
    },
    // After Chromium: one apt-get at a time.
    { ...project("engines"), needs: [...builds, "chromium"] },
  ];
}

/**
 * A step that passes or fails as one: a program, and what is asked after it.
 * @param {string} name
 * @param {readonly string[]} program
 * @param {() => boolean} [then]
 * @returns {Step}
 */
function check(name, program, then = () => true) {
  return {
    name,
    async work() {
      console.log(`\n# ${name}`);
      const isPassed = (program.length === 0 || (await runProgram(name, program))) && then();
      console.log(isPassed ? `${name}: passed` : `${name}: FAILED`);
      return isPassed
        ? { passed: 1, failed: 0, skipped: 0, failures: [] }
        : { passed: 0, failed: 1, skipped: 0, failures: [name] };
    },
  };
}

/**
 * A project of vitest.config.ts. Where it needs Chromium and there is none, nothing of it runs: that has failed as a
 * step of its own.
 * @type {(scratch: string) => (name: string) => Step}
 */
const projectIn = (scratch) => (name) => ({
  name,
  async work() {
    const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };
    if (provisions.chromium.includes(name) && findChromium() === undefined) return nothing;
    console.log(`\n# tests: ${name}`);
    // What cannot be installed is said, and its journeys are skipped.
    if (name === "engines")
      await runProgram(name, [join(root, "scripts", "machine", "provide-engines.mjs")]);
    const report = join(scratch, `${name}.json`);
    const args = [tools.vitest, "run", `--project=${name}`];
    const isPassed = await runProgram(name, args, { THYME_REPORTER: report });
    /** @type {Outcome} */
    const found = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : nothing;
    // vitest can fail without a failed test: a crash before the report.
    if (isPassed || found.failed > 0) return found;
    return { ...found, failed: 1, failures: ["vitest ended with an error"] };
  },
});

/** What `--only` may name. */
export const names = allSteps("").flatMap(({ name }) => (name in provisions ? [] : [name]));
