import { fileURLToPath } from "node:url";
import { installPackages } from "./apt.mjs";
import { findChromium } from "./chromium.mjs";

/** Finds Chromium, installing Debian's when this machine allows it; otherwise says what to install. */
export function provideChromium() {
  const found = findChromium() ?? (installPackages(["chromium"]) ? findChromium() : undefined);
  if (found !== undefined) return found;
  console.error(
    [
      "The tests need Chromium, and none was found.",
      "  Debian, Ubuntu:  sudo apt-get install chromium",
      "  Fedora:          sudo dnf install chromium",
      "  macOS:           brew install --cask chromium",
      "or set CHROMIUM_PATH to the program of an installed Chrome or Chromium.",
    ].join("\n"),
  );
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && provideChromium() === undefined)
  process.exit(1);
