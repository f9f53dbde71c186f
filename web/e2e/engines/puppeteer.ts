import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { chromiumArgs, findChromium } from "../../../scripts/machine/chromium.mjs";
import { findFirefox } from "../../../scripts/machine/engines.mjs";
import { type Engine, type EngineName, SIZE, type Wire } from "./wire.ts";

/** Firefox without a window, over WebDriver BiDi. */
export async function launchFirefox(): Promise<Engine> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error("No Firefox found: set FIREFOX_PATH.");
  const extraPrefsFirefox = { "intl.accept_languages": "en-GB, en" };
  return engineOf(
    "firefox",
    await puppeteer.launch({
      browser: "firefox",
      executablePath,
      extraPrefsFirefox,
      defaultViewport: SIZE,
    }),
  );
}

/** The Chromium of the other journeys, driven as the other engines are. */
export async function launchChromium(): Promise<Engine> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("No Chromium found: set CHROMIUM_PATH.");
  const args = [...chromiumArgs, "--accept-lang=en-GB"];
  return engineOf(
    "chromium",
    await puppeteer.launch({ executablePath, args, defaultViewport: SIZE }),
  );
}

const engineOf = (name: EngineName, browser: Browser): Engine => ({
  name,
  async newPage() {
    const context = await browser.createBrowserContext();
    // In a tab behind another one, Firefox leaves clicks unanswered.
    const page = await context.newPage({ type: "window" });
    return wireOf(page, () => context.close());
  },
  close: () => browser.close(),
});

const wireOf = (page: Page, close: () => Promise<void>): Wire => ({
  open: async (url) => void (await page.goto(url)),
  reload: async () => void (await page.reload()),
  evaluate: (expression) => page.evaluate(expression),
  moveTo: (x, y) => page.mouse.move(x, y),
  click: (x, y) => page.mouse.click(x, y),
  type: (text) => page.keyboard.type(text),
  press: (key) => page.keyboard.press(key),
  screenshot: () => page.screenshot(),
  resize: (width, height) => page.setViewport({ width, height }),
  close,
});
