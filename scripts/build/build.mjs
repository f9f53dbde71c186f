import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

const clientInputs = [
  "web",
  "workers/protocol",
  "vite.config.ts",
  "scripts/build/emoji.mjs",
  "scripts/build/service-worker.mjs",
  "tsconfig.base.json",
  "package-lock.json",
];
const workerInputs = ["workers", "migrations", "wrangler.toml", "package-lock.json"];
/** What scripts/local/serve.mjs serves; a deployment bundles for itself. */
export const workerBundle = join(root, ".cache", "worker", "index.js");
export const workerOptions = join(root, ".cache", "worker", "options.json");
const notBuilt = /\.test\.tsx?$|\.test-kit\.ts$/;

/** Builds the client into dist/ for production. Returns whether it succeeded. */
export function build() {
  // vitest sets NODE_ENV=test for its children, which would give a development build.
  const result = spawnSync(nodePath(), [tools.vite, "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: "inherit",
    env: toolEnv({ NODE_ENV: "production" }),
  });
  return result.status === 0;
}

/** Builds client and Worker where they are not newer than everything they are made from. */
export function buildIfStale() {
  const client = join(root, "dist", ".vite", "manifest.json");
  if (isStale(client, clientInputs) && !build()) return false;
  const isBundleStale = [workerBundle, workerOptions].some((file) => isStale(file, workerInputs));
  return isBundleStale ? bundleWorker() : true;
}

/** As a deployment does, but stays here. */
function bundleWorker() {
  const outdir = dirname(workerBundle);
  return (
    runQuietly(tools.wrangler, "deploy", "--dry-run", `--outdir=${outdir}`) &&
    runQuietly(join(root, "scripts", "build", "worker-options.mjs"))
  );
}

/** @param {string[]} program */
function runQuietly(...program) {
  const result = spawnSync(nodePath(), program, {
    cwd: root,
    encoding: "utf8",
    env: toolEnv({ CI: "true", NO_COLOR: "1" }),
  });
  if (result.status !== 0) console.error(`${result.stdout}${result.stderr}`);
  return result.status === 0;
}

/**
 * @param {string} output
 * @param {readonly string[]} inputs
 */
function isStale(output, inputs) {
  if (!existsSync(output)) return true;
  const built = statSync(output).mtimeMs;
  return inputs.some((input) => newest(join(root, input)) > built);
}

/**
 * Folders count too: removing a file changes only its folder.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || notBuilt.test(path) || path === join(root, "web", "e2e")) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const below = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stat.mtimeMs, ...below);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  await ensureNode();
  const [only] = process.argv.slice(2);
  const work = only === "--worker" ? bundleWorker : only === "--if-stale" ? buildIfStale : build;
  if (!work()) process.exit(1);
}
