import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePath, root, toolEnv } from "../machine/node24.mjs";

/** @typedef {import("./plan.ts").Plan} Plan */
/** @typedef {import("./plan.ts").Found} Found */
/** @typedef {import("./round.mjs").Round["project"]} Project */

/** Longer than any test goes on trying: whoever says nothing for so long never ends. */
const STALL_MS = 240_000;

/** @type {Plan} */
const NOTHING = {
  alive: [],
  where: "anywhere",
  slowerThan: -1,
  notSlowerThan: Number.MAX_SAFE_INTEGER,
  tries: Number.MAX_SAFE_INTEGER,
  only: null,
  together: [],
  budget: 120_000,
};

/**
 * What a round came to.
 * @typedef {object} Outcome
 * @property {Map<number, string>} missed by guard, the test that fails without it
 * @property {Map<number, Set<string>>} unsure by guard, the tests of which it cannot be said yet
 * @property {Set<number>} reached
 * @property {readonly string[]} failures tests that fail with every guard in place, or never ended
 * @property {Found["together"]} together
 */

/**
 * Runs these files of tests over a plan, in a process of their own.
 * @param {Project} project
 * @param {readonly string[]} files
 * @param {Partial<Plan>} plan
 * @returns {Promise<Outcome>}
 */
export async function round(project, files, plan) {
  const scratch = mkdtempSync(join(tmpdir(), "thyme-mutations-"));
  const job = join(scratch, "round.json");
  const out = join(scratch, "found.jsonl");
  writeFileSync(out, "");
  writeFileSync(job, JSON.stringify({ project, files, out, plan: { ...NOTHING, ...plan } }));
  const log = await finished(job, out);
  const outcome = outcomeOf(readFileSync(out, "utf8"));
  rmSync(scratch, { recursive: true, force: true });
  if (log === null) return outcome;
  return { ...outcome, failures: [...outcome.failures, log] };
}

/** Resolves with null, or with what went wrong. @param {string} job @param {string} out */
function finished(job, out) {
  const child = spawn(nodePath(), [join(root, "scripts/mutations/round.mjs")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: toolEnv({ CI: "true", THYME_ROUND: job }),
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => (said = `${said}${bytes}`.slice(-2000)));
  }
  const watch = setInterval(() => {
    if (!existsSync(out) || Date.now() - statSync(out).mtimeMs < STALL_MS) return;
    said = "never ended";
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, 5000);
  return /** @type {Promise<string | null>} */ (
    new Promise((resolve) => {
      child.once("close", (status) => {
        clearInterval(watch);
        resolve(status === 0 ? null : `the round ended with ${status}: ${said}`);
      });
    })
  );
}

/** @param {string} lines @returns {Outcome} */
function outcomeOf(lines) {
  /** @type {Outcome & { failures: string[], together: Found["together"][number][] }} */
  const outcome = {
    missed: new Map(),
    unsure: new Map(),
    reached: new Set(),
    failures: [],
    together: [],
  };
  for (const line of lines.split("\n").filter((one) => one !== "")) {
    /** @type {{ file: string, title: string, failure: string | null, found: Found | null }} */
    const { file, title, failure, found } = JSON.parse(line);
    const test = `${file} > ${title}`;
    if (failure !== null) outcome.failures.push(`${test}: ${failure}`);
    if (found === null) continue;
    for (const guard of found.reached) outcome.reached.add(guard);
    for (const guard of found.missed) outcome.missed.set(guard, test);
    for (const guard of found.unsure) {
      outcome.unsure.set(guard, (outcome.unsure.get(guard) ?? new Set()).add(test));
    }
    outcome.together.push(...found.together);
  }
  return outcome;
}
