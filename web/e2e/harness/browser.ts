import { type Browser, chromium } from "playwright-core";
import { chromiumArgs, findChromium } from "../../../scripts/machine/chromium.mjs";

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("No Chromium found: set CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: chromiumArgs });
}
