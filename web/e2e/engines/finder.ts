import { join } from "node:path";
import { build } from "vite";
import { root } from "../../../scripts/machine/node24.mjs";

let source: Promise<string> | undefined;

/** The script that a page gets from its tab, once made for a run. */
export const finderScript = (): Promise<string> => (source ??= bundle());

async function bundle(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "error",
    root,
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      write: false,
      copyPublicDir: false,
      target: "es2023",
      lib: {
        entry: join(root, "web", "e2e", "engines", "in-page.ts"),
        name: "thymeInPage",
        formats: ["iife"],
      },
    },
  });
  const files = [made].flat().flatMap((one) => ("output" in one ? one.output : []));
  const script = files.find((file) => file.type === "chunk");
  if (script === undefined) throw new Error("The tab's own script was not made.");
  return script.code;
}
