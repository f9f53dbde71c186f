import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  unstable_getMiniflareWorkerOptions as optionsOf,
  unstable_readConfig as readConfig,
} from "wrangler";
import { root } from "../machine/node24.mjs";
import { workerOptions } from "./build.mjs";

// What wrangler.toml means to Miniflare, in a file: to load wrangler takes longer than to start the server.

const config = join(root, "wrangler.toml");
const { workerOptions: all, externalWorkers } = optionsOf(config);
const { modulesRules: _, ...options } = all;
// Without what .dev.vars holds: secrets, and settings that may change before the next build.
const bindings = readConfig({ config }).vars;
writeFileSync(
  workerOptions,
  JSON.stringify({ options: { ...options, bindings }, externalWorkers }),
);
