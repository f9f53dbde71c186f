import { findProgram } from "./programs.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium to test with: CHROMIUM_PATH, else the first one on the PATH. */
export function findChromium() {
  return findProgram("CHROMIUM_PATH", names);
}

export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
