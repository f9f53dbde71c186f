import { connect, createServer } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { parseArgs } from "node:util";
import { unstable_DevEnv as DevEnv } from "wrangler";
import { root } from "./node24.mjs";

// What `wrangler dev` does, but for its command line and its proxy. That proxy loses a request now and then: when it
// sends one just as the Worker closes a connection that has rested for five seconds, or when a client goes away.
// The client gets a 500 for it, and the command line takes it for fatal and ends. Here clients are connected to the
// Worker itself, and only what keeps the server from starting ends it.
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    "persist-to": { type: "string" },
    "env-file": { type: "string" },
    "log-level": { type: "string" },
  },
});

/** Where the Worker listens; it changes when its code does. @type {{ hostname?: string, port?: string }} */
let inside = {};

const door = createServer({ noDelay: true }, (client) => {
  const worker = connect({ host: inside.hostname, port: Number(inside.port), noDelay: true });
  // Either side may go away at any time.
  pipeline(client, worker, () => {});
  pipeline(worker, client, () => {});
});
door.on("error", fail);

const devEnv = new DevEnv();
devEnv.on("error", ({ reason, cause }) => {
  const error = new Error(reason, { cause });
  if (door.listening) console.error(error);
  else fail(error);
});
devEnv.on("reloadComplete", ({ proxyData }) => {
  inside = proxyData.userWorkerUrl;
  if (!door.listening) door.listen(Number(values.port), "localhost");
});
await devEnv.startWorker({
  config: join(root, "wrangler.toml"),
  envFiles: values["env-file"] === undefined ? undefined : [values["env-file"]],
  dev: {
    remote: false,
    // Its own proxy has to be somewhere, though nobody asks it.
    server: { hostname: "localhost", port: 0 },
    inspector: false,
    persist: values["persist-to"],
    logLevel: values["log-level"],
  },
});

/**
 * @param {unknown} error
 * @returns {never}
 */
function fail(error) {
  console.error(error);
  process.exit(1);
}
