import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumArgs } from "../machine/chromium.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode, root } from "../machine/node24.mjs";
import { provideChromium } from "../machine/provide-chromium.mjs";

ensureInstalled();
await ensureNode();
const executablePath = provideChromium();
if (executablePath === undefined) process.exit(1);

const folder = join(root, "web", "public");
const drawing = readFileSync(join(folder, "icon.svg"), "utf8");
/** Systems cut the shape of these themselves; the sprig lies inside the circle that all of them leave. */
const full = drawing.replace(/ rx="\d+"/, "");

const browser = await chromium.launch({ executablePath, args: chromiumArgs });
try {
  await draw(drawing, 192, "icon-192.png");
  await draw(drawing, 512, "icon-512.png");
  await draw(full, 192, "icon-maskable-192.png");
  await draw(full, 512, "icon-maskable-512.png");
  await draw(full, 180, "apple-touch-icon.png");
} finally {
  await browser.close();
}

/**
 * @param {string} svg
 * @param {number} size
 * @param {string} name
 */
async function draw(svg, size, name) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const style = "<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>";
  await page.setContent(style + svg);
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
