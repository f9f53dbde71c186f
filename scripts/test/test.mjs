import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../build/build.mjs";
import { printBundleSize } from "../build/bundle-size.mjs";
import { checkEntries } from "../build/entries.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";
import { provideEngines } from "../machine/provide-engines.mjs";
import { checkSize } from "../build/size.mjs";

ensureInstalled();
await ensureNode();

const projects = ["node", "workers", "browser", "e2e", "engines"];
const inChromium = ["browser", "e2e"];
const counts = { passed: 0, failed: 0, skipped: 0 };
const scratch = mkdtempSync(join(tmpdir(), "thyme-test-"));
const bundle = join(scratch, "bundle");

/** @type {Record<string, () => boolean>} */
const checks = {
  types: () => run(tools.tsc, "-b", "--force"),
  lint: () => run(tools.oxlint, "--type-aware", "--deny-warnings"),
  format: () => run(tools.biome, "format", "."),
  unused: () => run(tools.knip, "--no-progress"),
  build,
  entries: checkEntries,
  size: checkSize,
  bundle: () =>
    run(tools.wrangler, "deploy", "--dry-run", "--outdir", bundle) && printBundleSize(bundle),
};

const only = onlyOption();
const wantedChecks = Object.keys(checks).filter((name) => only?.includes(name) ?? true);
const wantedProjects = projects.filter((name) => only?.includes(name) ?? true);

// Every step runs whatever became of the one before: a failing early step must not hide later ones.
for (const name of wantedChecks) check(name, checks[name] ?? (() => false));
const runnable = wantedProjects.filter((name) => !inChromium.includes(name));
if (runnable.length < wantedProjects.length) {
  check("chromium", hasChromium);
  if (process.env["CHROMIUM_PATH"])
    runnable.push(...wantedProjects.filter((name) => inChromium.includes(name)));
}
if (runnable.includes("engines")) {
  console.log("\n# engines");
  provideEngines();
}
if (runnable.length > 0) runTests(runnable);
rmSync(scratch, { recursive: true, force: true });

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

/**
 * @param {string} name
 * @param {() => boolean} step
 */
function check(name, step) {
  console.log(`\n# ${name}`);
  let isPassed = false;
  try {
    isPassed = step();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  counts[isPassed ? "passed" : "failed"] += 1;
  console.log(isPassed ? `${name}: passed` : `${name}: FAILED`);
}

function hasChromium() {
  const path = provideChromium();
  if (path !== undefined) process.env["CHROMIUM_PATH"] = path;
  return path !== undefined;
}

/** @param {string[]} names */
function runTests(names) {
  console.log(`\n# tests: ${names.join(", ")}`);
  const report = join(scratch, "counts.json");
  const status = spawnSync(
    nodePath(),
    [tools.vitest, "run", ...names.map((name) => `--project=${name}`)],
    { cwd: root, stdio: "inherit", env: toolEnv({ THYME_REPORTER: report }) },
  ).status;
  /** @type {typeof counts} */
  const found = existsSync(report)
    ? JSON.parse(readFileSync(report, "utf8"))
    : { passed: 0, failed: 0, skipped: 0 };
  counts.passed += found.passed;
  counts.skipped += found.skipped;
  // vitest can fail without a failed test: an error between tests, or a crash before the report.
  counts.failed += status !== 0 && found.failed === 0 ? 1 : found.failed;
  console.log();
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, ...args) {
  const env = toolEnv({ CI: "true" });
  return (
    spawnSync(nodePath(), [program, ...args], { cwd: root, stdio: "inherit", env }).status === 0
  );
}

/** `--only types,workers` runs a few of the checks and test projects. */
function onlyOption() {
  const at = process.argv.indexOf("--only");
  if (at === -1) return undefined;
  const names = (process.argv[at + 1] ?? "").split(",");
  const known = [...Object.keys(checks), ...projects];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  console.error(`Unknown: ${unknown.join(", ")}. Known: ${known.join(", ")}.`);
  process.exit(1);
}
