import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";
import { provideEngines } from "../machine/provide-engines.mjs";

ensureInstalled();
await ensureNode();
if (provideChromium() === undefined || !buildIfStale()) process.exit(1);
const say = (/** @type {string} */ line) => console.log(line);

// Written in TypeScript and in need of the installed packages: loaded only now.
// `npm run look -- list` takes only the states with "list" in their name, `-- --engines` four screens in three engines.
if (process.argv[2] === "--engines") {
  provideEngines();
  const { lookInEngines } = await import("./engines.ts");
  for (const picture of await lookInEngines(say)) console.log(picture);
} else {
  const { look } = await import("./run.ts");
  const { sheet, wrong } = await look(new RegExp(process.argv[2] ?? ""), say);
  for (const line of wrong) console.error(line);
  console.log(`All pictures: ${sheet}`);
  if (wrong.length > 0) process.exit(1);
}
