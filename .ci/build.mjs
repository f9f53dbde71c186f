import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "./node24.mjs";

const inputs = [
  "web",
  "workers/protocol",
  "vite.config.ts",
  ".ci/emoji.mjs",
  ".ci/service-worker.mjs",
  "tsconfig.base.json",
  "package-lock.json",
];
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

/** Builds unless dist/ is newer than everything it is made from. */
export function buildIfStale() {
  return isStale() ? build() : true;
}

function isStale() {
  const manifest = join(root, "dist", ".vite", "manifest.json");
  if (!existsSync(manifest)) return true;
  const built = statSync(manifest).mtimeMs;
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
  if (!build()) process.exit(1);
}
