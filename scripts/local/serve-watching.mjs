import { join } from "node:path";
import { parseArgs } from "node:util";
import { unstable_startWorker } from "wrangler";
import { root } from "../machine/node24.mjs";

// Serves the Worker on this machine as `wrangler dev` does, anew after each change of its source, but goes on when one
// connection between wrangler's own proxy and the Worker is lost: the command ends at that, here one request fails.

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    "persist-to": { type: "string" },
    "env-file": { type: "string" },
    "log-level": { type: "string" },
  },
});
const port = Number(values.port);
const envFile = values["env-file"];
const HEALTH_TRIES = 5;

const worker = await unstable_startWorker({
  config: join(root, "wrangler.toml"),
  ...(envFile === undefined ? {} : { envFiles: [envFile] }),
  dev: {
    remote: false,
    server: { hostname: "localhost", port },
    inspector: false,
    persist: values["persist-to"],
    logLevel: values["log-level"] === "error" ? "error" : "log",
    watch: true,
  },
});

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => void end(0));
}
worker.raw.on("error", (event) => {
  console.error(`${event.reason}: ${event.cause.message}`);
  void endUnlessHealthy();
});
await worker.ready;

/** A Worker that does not come back is no server: whoever started it is told by its end. */
async function endUnlessHealthy() {
  for (let tries = 0; tries < HEALTH_TRIES; tries += 1) {
    const answer = await fetch(`http://localhost:${port}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await end(1);
}

/** @param {number} code */
async function end(code) {
  await worker.dispose().catch(() => undefined);
  process.exit(code);
}
