import { join } from "node:path";
import { parseArgs } from "node:util";
import { unstable_DevEnv as DevEnv } from "wrangler";
import { root } from "./node24.mjs";

// What `wrangler dev` does, without its command line: that one ends, and the server with it, as soon as its proxy
// loses a single request. It loses one now and then when both sides close a connection that rested for five seconds.
// Here only that request fails.
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    "persist-to": { type: "string" },
    "env-file": { type: "string" },
    "log-level": { type: "string" },
  },
});
const devEnv = new DevEnv();
let isReady = false;
devEnv.on("error", ({ reason, cause }) => {
  console.error(`${reason}: ${cause?.message ?? cause}`);
  if (!isReady) process.exit(1);
});
const worker = await devEnv.startWorker({
  config: join(root, "wrangler.toml"),
  envFiles: values["env-file"] === undefined ? undefined : [values["env-file"]],
  dev: {
    remote: false,
    server: { hostname: "localhost", port: Number(values.port) },
    inspector: false,
    persist: values["persist-to"],
    logLevel: values["log-level"],
  },
});
await worker.ready;
isReady = true;
