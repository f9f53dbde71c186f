import { fileURLToPath } from "node:url";
import { installPackages } from "./apt.mjs";
import { findFirefox, missingOfWebKit } from "./engines.mjs";

/** The other engines' programs: what is not there, which package brings it, and how else it may come. */
const engines = [
  {
    name: "Firefox",
    packages: ["firefox-esr"],
    missing: () => (findFirefox() === undefined ? ["firefox-esr or firefox"] : []),
    advice: [
      "  Debian:          sudo apt-get install firefox-esr",
      "  Fedora:          sudo dnf install firefox",
      "  macOS:           brew install --cask firefox",
      "or set FIREFOX_PATH to the program of an installed Firefox.",
    ],
  },
  {
    name: "WebKitGTK",
    packages: ["webkit2gtk-driver", "xvfb"],
    missing: missingOfWebKit,
    advice: [
      "  Debian, Ubuntu:  sudo apt-get install webkit2gtk-driver xvfb",
      "  macOS:           there is no WebKitGTK; its journey runs on Linux only",
      "or set WEBKIT_DRIVER_PATH, MINIBROWSER_PATH and XVFB_PATH.",
    ],
  },
];

/** Installs Firefox and WebKitGTK where this machine allows it. Says what is missing: its journeys are skipped. */
export function provideEngines() {
  const wanted = engines.filter(({ missing }) => missing().length > 0);
  if (wanted.length === 0) return;
  installPackages(wanted.flatMap(({ packages }) => packages));
  for (const { name, missing, advice } of wanted) {
    const left = missing();
    if (left.length === 0) continue;
    const title = `The journey in ${name} is skipped: ${left.join(", ")} not found.`;
    console.error([title, ...advice].join("\n"));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) provideEngines();
