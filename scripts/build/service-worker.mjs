import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

/** What the page needs beside the built files. Named one by one: what else lies in public/ is not for everybody. */
const files = [
  "index.html",
  "manifest.webmanifest",
  "icon.svg",
  "icon-192.png",
  "icon-512.png",
  "icon-maskable-192.png",
  "icon-maskable-512.png",
  "apple-touch-icon.png",
];

const scripts = { "sw.ts": "sw.js", "send.ts": "sw-send.js" };

/**
 * Builds the service worker into /sw.js after the app, with the list of the files to keep, and what it imports
 * when it has to. Scripts and not modules: not every browser starts modules as service workers.
 * @returns {import("vite").Plugin}
 */
export function serviceWorker() {
  /** @type {import("vite").ResolvedConfig} */
  let config;
  return {
    name: "thyme-service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const outDir = join(config.root, config.build.outDir);
      const define = { __PRECACHED__: JSON.stringify(precached(outDir)) };
      for (const [source, script] of Object.entries(scripts)) {
        await build({
          configFile: false,
          root: config.root,
          publicDir: false,
          logLevel: "warn",
          define,
          build: {
            outDir,
            emptyOutDir: false,
            target: config.build.target,
            reportCompressedSize: false,
            // As a library: what the page's build adds around a later import has no place here.
            lib: {
              entry: join(config.root, "sw", source),
              formats: ["iife"],
              name: "thyme",
              fileName: () => script,
            },
          },
        });
      }
    },
  };
}

/**
 * The manifest lacks the engine's worker and its chunks, so the list is what was really written.
 * @param {string} outDir
 * @returns {import("../../web/sw/precached.ts").Precached}
 */
function precached(outDir) {
  const assets = readdirSync(join(outDir, "assets")).map((name) => `/assets/${name}`);
  /** @type {Record<string, { file: string }>} */
  const manifest = JSON.parse(readFileSync(join(outDir, ".vite", "manifest.json"), "utf8"));
  const entry = manifest["index.html"]?.file;
  if (entry === undefined) throw new Error("The page's first script is not in the manifest.");
  const hash = createHash("sha256").update(assets.join("\n"));
  for (const file of files) hash.update(readFileSync(join(outDir, file)));
  return {
    version: hash.digest("base64url").slice(0, 12),
    entry: `/${entry}`,
    assets,
    files: files.map((file) => (file === "index.html" ? "/" : `/${file}`)),
  };
}
