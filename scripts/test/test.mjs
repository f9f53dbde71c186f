import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { inLanes } from "./lanes.mjs";
import { countsOf, report } from "./report.mjs";
import { names, steps } from "./steps.mjs";

ensureInstalled();
await ensureNode();

/** One step computes while the other waits; with a third, both cores would only change hands. */
const LANES = 2;

const only = onlyOption();
const scratch = mkdtempSync(join(tmpdir(), "thyme-test-"));

const began = performance.now();
const results = await inLanes(steps(scratch, only), LANES);
rmSync(scratch, { recursive: true, force: true });
report(results, performance.now() - began);

const counts = countsOf(results);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

/** `--only types,workers` runs a few of the checks and test projects. */
function onlyOption() {
  const at = process.argv.indexOf("--only");
  if (at === -1) return undefined;
  const asked = (process.argv[at + 1] ?? "").split(",");
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length === 0) return asked;
  console.error(`Unknown: ${unknown.join(", ")}. Known: ${names.join(", ")}.`);
  process.exit(1);
}
