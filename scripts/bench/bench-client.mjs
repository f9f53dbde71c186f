import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";

/** It takes about three minutes on two cores; what takes this long hangs. */
const LIMIT_MS = 6 * 60_000;

ensureInstalled();
await ensureNode();
if (provideChromium() === undefined || !buildIfStale()) process.exit(1);

// The server and the browser end with this process.
setTimeout(() => {
  console.error(`Not done after ${LIMIT_MS / 60_000} minutes.`);
  process.exit(1);
}, LIMIT_MS).unref();

// Written in TypeScript and in need of the installed packages: loaded only now.
const { benchClient } = await import("./run.ts");
const { table, kept, file } = await benchClient((line) => console.error(line));
console.log(table);
console.log(`\nThe figures are in ${file}.`);
if (!kept) {
  console.error("A ratio is beyond its gate.");
  process.exit(1);
}
