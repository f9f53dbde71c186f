import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { localSecrets } from "./local-secrets.mjs";
import { portOfOther, serveAlone } from "./only-one.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "../machine/node24.mjs";
import { isListening, migrateLocal, spawnWorker, waitUntilHealthy } from "./worker-process.mjs";

const isDev = process.argv.includes("--dev");
const workerPort = Number(process.env["PORT"] ?? 8787);
const vitePort = 5173;
const cronMinutes = 5;

ensureInstalled();
await ensureNode();

if (!Number.isInteger(workerPort) || workerPort < 1 || workerPort > 65_535) {
  fail(`PORT has to be a number from 1 to 65535, not "${process.env["PORT"]}".`);
}
const persistTo = join(root, ".wrangler", "state");
const origin = `http://localhost:${workerPort}`;
const other = await portOfOther(persistTo);
if (other !== undefined) {
  fail(`Thyme already runs at http://localhost:${other} with the data of this folder.`);
}

for (const port of isDev ? [workerPort, vitePort] : [workerPort]) {
  if (!(await isListening(port))) continue;
  const hint = port === workerPort ? ` Choose another: PORT=${port + 1} npm start` : "";
  fail(`Port ${port} is taken by another program.${hint}`);
}

if (!buildIfStale()) fail("The client could not be built.");
const { SETUP_TOKEN } = await localSecrets();
await serveAlone(persistTo, workerPort);
migrateLocal(persistTo);

const worker = spawnWorker({
  port: workerPort,
  persistTo,
  logLevel: "error",
  watch: isDev,
  onLine: printLine,
});
/** @type {import("node:child_process").ChildProcess | undefined} */
let vite;
let isStopping = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => void stop(0));
}
void worker.exited.then(() => {
  if (!isStopping) console.error("The server stopped unexpectedly.");
  return stop(1);
});

try {
  await waitUntilHealthy(origin, worker.isRunning);
} catch (error) {
  if (!isStopping) console.error(error instanceof Error ? error.message : error);
  await stop(1);
}

if (isDev) startVite();
const address = isDev ? `http://localhost:${vitePort}` : origin;
console.log(`\nThyme is running at ${address}`);
if (await hasNoAdministrator()) {
  console.log(`\nThere is no administrator yet. Open this link to become the first one:`);
  console.log(`${address}/setup#${SETUP_TOKEN}`);
}
console.log("\nPress Ctrl-C to stop.");

// The local runtime has no clock for cron triggers.
setInterval(() => {
  void fetch(`${origin}/cdn-cgi/local/scheduled?cron=*/${cronMinutes}+*+*+*+*`).catch(() => {});
}, cronMinutes * 60_000).unref();

async function hasNoAdministrator() {
  const answer = await fetch(`${origin}/api/setup`);
  return answer.ok && (await answer.json()).first === true;
}

function startVite() {
  vite = spawn(nodePath(), [tools.vite, "--logLevel", "warn", "--port", String(vitePort)], {
    cwd: root,
    stdio: "inherit",
    env: toolEnv({ THYME_WORKER_PORT: String(workerPort) }),
  });
}

/** @param {string} line */
function printLine(line) {
  if (line.trim() !== "" && !isStopping) console.error(line);
}

/** @param {number} code */
async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  vite?.kill("SIGTERM");
  worker.kill("SIGTERM");
  await Promise.race([worker.exited, new Promise((resolve) => setTimeout(resolve, 3000))]);
  worker.kill("SIGKILL");
  process.exit(code);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
