import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { workerBundle, workerOptions } from "../build/build.mjs";
import { root } from "../machine/node24.mjs";

// Serves the built Worker on this machine: workerd alone, as in production. `wrangler dev` puts a proxy of its own
// before it, which now and then loses a request on a connection that rested, and then ends for everybody.

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    "persist-to": { type: "string", default: "" },
    "env-file": { type: "string", default: join(root, ".dev.vars") },
    "log-level": { type: "string" },
    // With a certificate of the server's own making, for journeys alone.
    https: { type: "boolean", default: false },
    // Instead of every rate of wrangler.toml, for the soak alone.
    "requests-a-minute": { type: "string" },
  },
});
const envFile = values["env-file"];
const vars = existsSync(envFile) ? parseEnv(readFileSync(envFile, "utf8")) : {};
/** @type {{ options: Record<string, unknown>, externalWorkers: import("miniflare").V4WorkerOptions[] }} */
const { options, externalWorkers } = JSON.parse(readFileSync(workerOptions, "utf8"));
const rate = values["requests-a-minute"];
/** @type {{ ratelimits?: Record<string, { simple: { limit: number, period: number } }> }} */
const { ratelimits = {} } = options;
if (rate !== undefined) {
  for (const { simple } of Object.values(ratelimits)) simple.limit = Number(rate);
}
/** @type {import("miniflare").V4WorkerOptions} */
const worker = {
  name: "thyme",
  ...options,
  bindings: { .../** @type {object} */ (options["bindings"]), .../** @type {object} */ (vars) },
  modulesRoot: dirname(workerBundle),
  modules: [{ type: "ESModule", path: workerBundle }],
};
const server = new Miniflare(
  convertV4MiniflareOptions({
    host: "localhost",
    port: Number(values.port),
    https: values.https,
    // The place that a request comes from is asked for on the network otherwise.
    cf: false,
    unsafeTriggerHandlers: true,
    log: new Log(values["log-level"] === "error" ? LogLevel.ERROR : LogLevel.INFO),
    resourcePersistencePath: join(values["persist-to"], "v3"),
    workers: [worker, ...externalWorkers],
  }),
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => void server.dispose().finally(() => process.exit(0)));
}
await server.ready;
