import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Prints what a deployment would upload as the Worker.
 * @param {string} folder
 */
export function printBundleSize(folder) {
  const files = readdirSync(folder).filter((name) => /\.(js|mjs|wasm|sql)$/.test(name));
  const size = files.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length,
    0,
  );
  console.log(`The Worker's bundle: ${(size / 1000).toFixed(1)} kB gz`);
  return files.length > 0;
}
