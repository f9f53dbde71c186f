import { spawn, spawnSync } from "node:child_process";
import { get as getByHttp } from "node:http";
import { get as getByHttps } from "node:https";
import { join } from "node:path";
import { createConnection, createServer } from "node:net";
import { databases } from "../machine/databases.mjs";
import { nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

/**
 * Starts the Worker on this machine in a process group of its own: its workerd would outlive a killed server.
 * @param {{ port: number, persistTo: string, envFile?: string, logLevel?: string, watch?: boolean, https?: boolean, requestsAMinute?: number | undefined, onLine: (line: string) => void }} options
 */
export function spawnWorker(options) {
  const { port, persistTo, envFile, logLevel = "log", watch = false, https = false } = options;
  const { requestsAMinute: rate } = options;
  const child = spawn(
    nodePath(),
    [
      join(root, "scripts", "local", "with-parent.mjs"),
      nodePath(),
      join(root, "scripts", "local", watch ? "serve-watching.mjs" : "serve.mjs"),
      `--port=${port}`,
      `--persist-to=${persistTo}`,
      `--log-level=${logLevel}`,
      ...(https ? ["--https"] : []),
      ...(rate === undefined ? [] : [`--requests-a-minute=${rate}`]),
      ...(envFile === undefined ? [] : [`--env-file=${envFile}`]),
    ],
    {
      cwd: root,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: toolEnv({ NO_COLOR: "1", FORCE_COLOR: "0", WRANGLER_LOG: "warn" }),
    },
  );
  eachLine(child.stdout, options.onLine);
  eachLine(child.stderr, options.onLine);
  const exited = new Promise((resolve) => child.once("exit", () => resolve(undefined)));
  return {
    exited,
    /** its process group, 0 if it did not start */
    group: child.pid ?? 0,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    /** @param {NodeJS.Signals} signal */
    kill(signal) {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The whole group has already gone.
      }
    },
  };
}

/**
 * Brings the local databases up to date.
 * @param {string} persistTo
 */
export function migrateLocal(persistTo) {
  for (const { binding } of databases()) {
    const result = spawnSync(
      nodePath(),
      [
        tools.wrangler,
        "d1",
        "migrations",
        "apply",
        binding,
        "--local",
        `--persist-to=${persistTo}`,
      ],
      { cwd: root, encoding: "utf8", env: toolEnv({ CI: "true", NO_COLOR: "1" }) },
    );
    if (result.status === 0) continue;
    throw new Error(`Migrating ${binding} failed:\n${result.stdout}${result.stderr}`);
  }
}

/**
 * Waits until GET /api/health answers.
 * @param {string} origin
 * @param {() => boolean} isRunning
 */
export async function waitUntilHealthy(origin, isRunning, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && isRunning()) {
    if (await isHealthy(origin)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    isRunning() ? `No answer from ${origin} in ${seconds} seconds.` : "The server stopped.",
  );
}

/**
 * @param {string} origin of this machine, whose certificate nobody else vouches for
 * @returns {Promise<boolean>}
 */
function isHealthy(origin) {
  const get = origin.startsWith("https:") ? getByHttps : getByHttp;
  return new Promise((resolve) => {
    const request = get(`${origin}/api/health`, { rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on("error", () => resolve(false));
  });
}

/**
 * Whether something answers on this port of this machine, on IPv4 or IPv6.
 * @param {number} port
 */
export async function isListening(port) {
  const answers = await Promise.all(["127.0.0.1", "::1"].map((host) => connects(host, port)));
  return answers.includes(true);
}

/** @returns {Promise<number>} a port nobody listens on */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "localhost", () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return address.port;
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function connects(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const done = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

/**
 * @param {import("node:stream").Readable} stream
 * @param {(line: string) => void} onLine
 */
function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
