import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { dirname, join } from "node:path";

// Two servers on one folder of data would each keep an own order of the same conversations. Which process lives is not
// asked by its number: a killed one that nobody has waited for still answers to it, and another program may get it.
// A server instead listens on a port of its own, where it says a word that it has noted; that ends with it.

/** So long a server that has begun may be busy, migrating for example, before it says its word. */
const PATIENCE_MS = 30_000;

/** @param {string} persistTo */
const fileOf = (persistTo) => join(dirname(persistTo), "serving.json");

/**
 * The port at which another server with this data runs, if one does.
 * @param {string} persistTo
 * @param {number} patienceMs
 * @returns {Promise<number | undefined>}
 */
export async function portOfOther(persistTo, patienceMs = PATIENCE_MS) {
  try {
    const { port, guard, word } = JSON.parse(readFileSync(fileOf(persistTo), "utf8"));
    if (typeof guard !== "number" || typeof word !== "string") return undefined;
    return (await wordAt(guard, word.length, patienceMs)) === word ? port : undefined;
  } catch {
    return undefined;
  }
}

/**
 * From now on this process serves this data, until it ends.
 * @param {string} persistTo
 * @param {number} port
 */
export async function serveAlone(persistTo, port) {
  const word = randomBytes(16).toString("hex");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.end(word);
  });
  server.unref();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port to listen on.");
  mkdirSync(dirname(persistTo), { recursive: true });
  writeFileSync(fileOf(persistTo), JSON.stringify({ port, guard: address.port, word }));
}

/**
 * What is said at a port of this machine: at most so many characters, "" if nothing.
 * @param {number} port
 * @param {number} length
 * @param {number} patienceMs
 * @returns {Promise<string>}
 */
function wordAt(port, length, patienceMs) {
  return new Promise((resolve) => {
    let heard = "";
    const socket = createConnection({ host: "127.0.0.1", port });
    const done = () => {
      socket.destroy();
      resolve(heard);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(patienceMs, done);
    socket.on("data", (chunk) => {
      heard += chunk;
      if (heard.length >= length) done();
    });
    socket.once("error", done);
    socket.once("close", done);
  });
}
