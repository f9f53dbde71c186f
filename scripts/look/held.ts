import { emoji } from "../build/emoji.mjs";
import { join } from "node:path";
import preact from "@preact/preset-vite";
import type { Browser } from "playwright-core";
import { build, preview } from "vite";
import { root } from "../machine/node24.mjs";
import { freePort } from "../local/worker-process.mjs";
import { results } from "../bench/bundle.ts";
import { defectsOn } from "./defects.ts";
import { VARIANTS, nameOf, pageOf, shoot } from "./shoot.ts";
import { STATES } from "./states.ts";

const SHOWN_MS = 10_000;
/** Skeletons and notes come after a while, so that they do not flash. */
const DELAYED_MS = 350;
const DELAYED: Readonly<Record<string, number>> = {
  "list-loading": 800,
  "gallery-loading": 800,
  "conversation-loading": 800,
  "conversation-missing": 1_700,
  "conversation-connecting": 2_200,
};

/** Every state with models that hold still. Returns what went wrong, one line each. */
export async function shootHeldStates(
  browser: Browser,
  only: RegExp,
  say: (line: string) => void,
): Promise<string[]> {
  const outDir = join(results, "look-page");
  const plugins = [preact({ devToolsEnabled: false, prefreshEnabled: false }), emoji()];
  const common = {
    configFile: false,
    logLevel: "error",
    root: join(root, "scripts", "look"),
  } as const;
  await build({ ...common, plugins, build: { outDir, emptyOutDir: true, target: "es2023" } });
  const port = await freePort();
  const site = await preview({ ...common, build: { outDir }, preview: { port, strictPort: true } });
  const wrong: string[] = [];
  try {
    for (const variant of VARIANTS) {
      say(nameOf(variant));
      const page = await pageOf(browser, variant);
      for (const state of Object.keys(STATES).filter((name) => only.test(name))) {
        await page.goto(`http://localhost:${port}/?state=${state}&language=${variant.language}`);
        const shown = page.locator("html[data-shown]");
        await shown.waitFor({ timeout: SHOWN_MS });
        await page.waitForTimeout(DELAYED[state] ?? DELAYED_MS);
        const outcome = await shown.getAttribute("data-shown");
        const found = [...(outcome === "yes" ? [] : [outcome]), ...(await defectsOn(page))];
        wrong.push(...found.map((what) => `${state} ${nameOf(variant)}: ${what}`));
        await shoot(page, state, variant);
      }
      await page.context().close();
    }
  } finally {
    await site.close();
  }
  return wrong;
}
