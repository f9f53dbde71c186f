import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { findProgram, isExecutable } from "./programs.mjs";

/** Debian's ESR, or another Firefox: FIREFOX_PATH, else the first one on the PATH. */
export function findFirefox() {
  return findProgram("FIREFOX_PATH", ["firefox-esr", "firefox"]);
}

/** The three programs that drive WebKitGTK; undefined where one is missing. */
export function findWebKit() {
  const driver = findProgram("WEBKIT_DRIVER_PATH", ["WebKitWebDriver"]);
  const xvfb = findProgram("XVFB_PATH", ["Xvfb"]);
  const browser = findMiniBrowser();
  if (driver === undefined || xvfb === undefined || browser === undefined) return undefined;
  return { driver, xvfb, browser };
}

/** The small browser that comes with the driver stands in the library's folder, which names the processor. */
function findMiniBrowser() {
  const folders = ["/usr/lib", "/usr/libexec", "/usr/lib64"];
  const below = folders.flatMap((folder) => [folder, ...foldersIn(folder)]);
  const candidates = below.map((folder) => join(folder, "webkit2gtk-4.1", "MiniBrowser"));
  return [process.env["MINIBROWSER_PATH"], ...candidates].find(
    (path) => path !== undefined && isExecutable(path),
  );
}

/** @param {string} folder */
function foldersIn(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/**
 * Whether this machine has a browser of this engine.
 * @param {"chromium" | "firefox" | "webkit"} engine
 */
export function isThere(engine) {
  return (
    { chromium: findChromium, firefox: findFirefox, webkit: findWebKit }[engine]() !== undefined
  );
}
