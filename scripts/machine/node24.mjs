import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const bundled = join(root, "node_modules", ".bin", "node");
const major = Number(process.versions.node.split(".")[0]);

/** The Node that runs tools: wrangler needs 22, so an older one gives way to the locked one in node_modules. */
export function nodePath() {
  return major < 22 && existsSync(bundled) ? bundled : process.execPath;
}

/** An environment in which `node` means nodePath() for child processes too. */
export function toolEnv(/** @type {Record<string, string>} */ extra = {}) {
  const path = process.env["PATH"] ?? "";
  return {
    ...process.env,
    PATH: `${dirname(nodePath())}${delimiter}${join(root, "node_modules", ".bin")}${delimiter}${path}`,
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    ...extra,
  };
}

/**
 * The program of an installed package, to be run as `nodePath() entry ...args`.
 * @param {string} path below node_modules
 */
export function tool(path) {
  return join(root, "node_modules", path);
}

export const tools = {
  wrangler: tool("wrangler/bin/wrangler.js"),
  vite: tool("vite/bin/vite.js"),
  vitest: tool("vitest/vitest.mjs"),
  oxlint: tool("oxlint/bin/oxlint"),
  biome: tool("@biomejs/biome/bin/biome"),
  knip: tool("knip/bin/knip.js"),
  tsc: tool("typescript/bin/tsc"),
};

/** Restarts this script under the locked Node when the running one is too old; returns when it need not. */
export async function ensureNode() {
  if (major >= 22) return;
  if (!existsSync(bundled)) {
    console.error(
      `Thyme's tools need Node 22 or later; this is ${process.version} and no packaged Node fits this machine.`,
    );
    process.exit(1);
  }
  const child = spawn(bundled, process.argv.slice(1), { stdio: "inherit", env: toolEnv() });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  const code = await new Promise((resolve) => {
    child.on("exit", (status) => resolve(status ?? 1));
  });
  process.exit(code);
}
