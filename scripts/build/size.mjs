import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { root } from "../machine/node24.mjs";

const dist = join(root, "dist");

/** What the first screens load beside the entry. One language is loaded: English stands for any. */
const signIn = [/^ui\/sign-in\//, /^ui\/text\/en\/en\.ts$/];
const conversation = [
  /^ui\/shell\/two-panes\.tsx$/,
  /^ui\/conversation\/conversation-screen\.tsx$/,
];

const budgets = { "sign-in": 60_000, conversation: 150_000 };

/** @typedef {{ file: string, imports?: string[] }} Chunk */

/**
 * The script files that the sign-in screen needs. A visitor's page does not ask the engine who is signed in: it
 * fetches that worker with the first command, or when the page has settled.
 */
export const filesUntilSignIn = () => new Set(pageFiles(signIn));

/**
 * The script files that a conversation needs until it is painted from the device's own store and takes a message.
 * What verifies, signs and sends is fetched beside that: nobody waits for it before they write.
 */
export const filesUntilConversation = () =>
  new Set([
    ...pageFiles([...signIn, ...conversation]),
    ...engineFiles().flatMap((name) => importsOf(name)),
  ]);

/** Bytes, gzipped, of all scripts that a screen needs, beside its budget. */
export const sizesUntilUsable = () =>
  /** @type {const} */ ([
    ["sign-in", filesUntilSignIn()],
    ["conversation", filesUntilConversation()],
  ]).map(([screen, files]) => ({
    screen,
    isFound: files.size > 0,
    size: [...files].reduce((sum, name) => sum + gzipped(name), 0),
    budget: budgets[screen],
  }));

/** Prints every chunk and the two sums against their budgets; returns whether both are kept. */
export function checkSize() {
  const files = scripts();
  const atSignIn = filesUntilSignIn();
  const atConversation = filesUntilConversation();

  for (const name of files.toSorted((a, b) => gzipped(b) - gzipped(a))) {
    const when = atSignIn.has(name)
      ? "sign-in"
      : atConversation.has(name)
        ? "conversation"
        : "later";
    console.log(`${kilobytes(gzipped(name))}  ${when.padEnd(12)}  ${name}`);
  }
  return sizesUntilUsable().map(withinBudget).every(Boolean);
}

function scripts() {
  return readdirSync(join(dist, "assets")).filter((name) => name.endsWith(".js"));
}

function engineFiles() {
  return scripts().filter((name) => name.startsWith("engine.worker"));
}

/**
 * The files of the page's entry, of the chunks of these modules, and of all they import at once.
 * @param {RegExp[]} modules
 */
function pageFiles(modules) {
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));
  const seen = new Set(/** @type {string[]} */ ([]));
  const visit = (/** @type {string} */ key) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key]?.imports ?? []) visit(next);
  };
  for (const key of Object.keys(manifest)) {
    if (key === "index.html" || modules.some((pattern) => pattern.test(key))) visit(key);
  }
  const files = [...seen].map((key) => manifest[key]?.file ?? "");
  return files.filter((file) => file.endsWith(".js")).map((file) => basename(file));
}

/**
 * A Web Worker is not in the manifest: its imports are read from the built file. What it imports later, when it
 * needs it, no screen waits for.
 * @param {string} name
 * @returns {string[]}
 */
function importsOf(name, seen = new Set(/** @type {string[]} */ ([]))) {
  if (seen.has(name)) return [];
  seen.add(name);
  const code = readFileSync(join(dist, "assets", name), "utf8");
  const found = code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g);
  return [name, ...[...found].flatMap(([, file = ""]) => importsOf(file, seen))];
}

/** @param {ReturnType<typeof sizesUntilUsable>[number]} sum */
function withinBudget({ screen, isFound, size, budget }) {
  const isKept = isFound && size <= budget;
  const verdict = isKept ? "within" : "OVER";
  console.log(`${kilobytes(size)}  until usable: ${screen} (${verdict} ${budget / 1000} kB)`);
  return isKept;
}

/** @param {string} name */
function gzipped(name) {
  return gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length;
}

/** @param {number} size */
function kilobytes(size) {
  return `${(size / 1000).toFixed(1).padStart(7)} kB gz`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(dist)) {
    console.error("There is no dist/: run npm run build first.");
    process.exit(1);
  }
  if (!checkSize()) process.exit(1);
}
