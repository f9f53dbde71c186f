import { spawnSync } from "node:child_process";
import { findChromium } from "./chromium.mjs";

/** Finds Chromium, installing Debian's when this machine allows it; otherwise says what to install. */
export function provideChromium() {
  const found = findChromium() ?? installChromium();
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

function installChromium() {
  const canInstall =
    process.platform === "linux" && process.getuid?.() === 0 && runs("apt-get", ["--version"]);
  if (!canInstall) return undefined;
  console.log("Installing Chromium with apt-get (once) ...");
  const done =
    runs("apt-get", ["update", "-q"]) &&
    runs("apt-get", ["install", "-yq", "--no-install-recommends", "chromium"]);
  return done ? findChromium() : undefined;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function runs(command, args) {
  return (
    spawnSync(command, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0
  );
}
