import { readFileSync } from "node:fs";
import { join } from "node:path";
import preact from "@preact/preset-vite";
import { build } from "vite";
import { root } from "../machine/node24.mjs";

export const results = join(root, "bench-results");

/** Bundles a page of this folder for production, as the app is; returns the script, which sets `bench`. */
export async function bundled(page: "crypto" | "bare-list" | "fill"): Promise<string> {
  const outDir = join(results, "pages");
  await build({
    configFile: false,
    logLevel: "error",
    root,
    plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2023",
      lib: {
        entry: join(root, "scripts", "bench", "pages", `${page}.ts`),
        name: "bench",
        formats: ["iife"],
        fileName: () => `${page}.js`,
      },
    },
  });
  return readFileSync(join(outDir, `${page}.js`), "utf8");
}
