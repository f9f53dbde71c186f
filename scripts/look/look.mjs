import { buildIfStale } from "../build/build.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";

ensureInstalled();
await ensureNode();
if (provideChromium() === undefined || !buildIfStale()) process.exit(1);

// Written in TypeScript and in need of the installed packages: loaded only now.
const { look } = await import("./run.ts");
// `npm run look -- list` takes only the states with "list" in their name.
const { sheet, wrong } = await look(new RegExp(process.argv[2] ?? ""), (line) => console.log(line));
for (const line of wrong) console.error(line);
console.log(`All pictures: ${sheet}`);
if (wrong.length > 0) process.exit(1);
