import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { findProgram, isExecutable } from "./programs.mjs";

/** Debian's ESR, or another Firefox: FIREFOX_PATH, else the first one on the PATH. */
export function findFirefox() {
  return findProgram("FIREFOX_PATH", ["firefox-esr", "firefox"]);
}

/** What drives WebKitGTK: the driver, the small browser that comes with it, and a screen without a monitor. */
const webKit = {
  driver: () => findProgram("WEBKIT_DRIVER_PATH", ["WebKitWebDriver"]),
  browser: findMiniBrowser,
  xvfb: () => findProgram("XVFB_PATH", ["Xvfb"]),
};

/** The three programs that drive WebKitGTK; undefined where one is missing. */
export function findWebKit() {
  const driver = webKit.driver();
  const browser = webKit.browser();
  const xvfb = webKit.xvfb();
  if (driver === undefined || browser === undefined || xvfb === undefined) return undefined;
  return { driver, browser, xvfb };
}

/** The names of those that are not there. */
export function missingOfWebKit() {
  const names = { driver: "WebKitWebDriver", browser: "MiniBrowser", xvfb: "Xvfb" };
  return /** @type {const} */ (["driver", "browser", "xvfb"])
    .filter((part) => webKit[part]() === undefined)
    .map((part) => names[part]);
}

/** It stands in the library's folder, which names the processor and the library's version. */
function findMiniBrowser() {
  const folders = ["/usr/lib", "/usr/libexec", "/usr/lib64"];
  const below = folders.flatMap((folder) => [folder, ...foldersIn(folder)]);
  const libraries = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
  const candidates = libraries.flatMap((library) =>
    below.map((folder) => join(folder, library, "MiniBrowser")),
  );
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
