import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isListening } from "./worker-process.mjs";

// Two servers on one folder of data would each keep an own order of the same conversations.

/** So long a server may take until it listens. */
const START_MS = 60_000;

/** @param {string} persistTo */
const fileOf = (persistTo) => join(dirname(persistTo), "serving.json");

/**
 * The port at which another server with this data runs, if one does.
 * @param {string} persistTo
 * @returns {Promise<number | undefined>}
 */
export async function portOfOther(persistTo) {
  try {
    const { pid, port, at } = JSON.parse(readFileSync(fileOf(persistTo), "utf8"));
    // Signal 0 only asks whether there is such a process; after a crash another program may have its number.
    process.kill(pid, 0);
    const isStarting = Date.now() - at < START_MS;
    return pid !== process.pid && (isStarting || (await isListening(port))) ? port : undefined;
  } catch {
    return undefined;
  }
}

/**
 * From now on this process serves this data, until it ends.
 * @param {string} persistTo
 * @param {number} port
 */
export function serveAlone(persistTo, port) {
  mkdirSync(dirname(persistTo), { recursive: true });
  writeFileSync(fileOf(persistTo), JSON.stringify({ pid: process.pid, port, at: Date.now() }));
}
