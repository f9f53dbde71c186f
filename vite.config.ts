import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { emoji } from "./scripts/build/emoji.mjs";
import { serviceWorker } from "./scripts/build/service-worker.mjs";

const worker = `http://localhost:${process.env["THYME_WORKER_PORT"] ?? "8787"}`;

/**
 * WebKit evaluates the entry of a module worker a second time when a chunk imports it, and the engine then runs twice:
 * what chunks share stands in files of its own (scripts/build/entries.mjs looks at the build).
 */
const isNoEntry = (id: string): boolean => !id.endsWith(".worker.ts");

export default defineConfig({
  root: "web",
  publicDir: "public",
  plugins: [preact({ prefreshEnabled: true, devToolsEnabled: false }), emoji(), serviceWorker()],
  worker: {
    format: "es",
    rolldownOptions: {
      output: {
        // What the engine starts with comes first, so that what it fetches later is one file and not a chain of
        // them, each found in the one before. Libraries apart: they change less often than a build.
        codeSplitting: {
          groups: [
            { name: "libraries", tags: ["$initial"], test: /node_modules/, priority: 3 },
            { name: "engine", tags: ["$initial"], test: isNoEntry, priority: 2 },
            { name: "public-key", test: /public-key-part\.ts$/, priority: 1 },
            // What no screen waits for: each alone would cut what they share into more pieces than all of it is worth.
            { name: "later", test: /(receipt-exchange|settle-deletions|unanswered)\.ts$/ },
          ],
        },
      },
    },
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // The policy allows no data: or inline script, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // On a slow machine it would be the first thing that somebody new reads.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    port: 5173,
    strictPort: true,
    // The Worker compares Origin with the host asked for, so the proxy must not change it.
    proxy: {
      "/api": { target: worker, changeOrigin: false },
      "/ws": { target: worker, changeOrigin: false, ws: true },
    },
  },
});
