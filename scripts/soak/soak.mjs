import { parseArgs } from "node:util";
import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";

/** Half an hour on two cores that nobody else uses; what takes this long hangs. */
const LIMIT_MS = 90 * 60_000;

ensureInstalled();
await ensureNode();
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    sends: { type: "string", default: "2000" },
    frames: { type: "string", default: "100000" },
  },
});
const [seed, sends, frames] = [values.seed ?? Date.now(), values.sends, values.frames].map(Number);
if (![seed, sends, frames].every((value) => Number.isSafeInteger(value) && Number(value) >= 0)) {
  console.error("npm run soak -- --seed N --sends N --frames N");
  process.exit(2);
}
if (provideChromium() === undefined || !buildIfStale()) process.exit(1);

// The server and the browser end with this process.
setTimeout(() => {
  console.error(`Not done after ${LIMIT_MS / 60_000} minutes.`);
  process.exit(1);
}, LIMIT_MS).unref();

// Written in TypeScript and in need of the installed packages: loaded only now.
const { soak } = await import("./run.ts");
const wrong = await soak(
  { seed: Number(seed), sends: Number(sends), frames: Number(frames) },
  (line) => console.log(line),
);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
