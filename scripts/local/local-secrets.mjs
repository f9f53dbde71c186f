import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/node24.mjs";

const file = join(root, ".dev.vars");

/** Every secret the Worker needs; each is 32 random bytes. In production they are set with `wrangler secret put`. */
export const secretNames = ["SETUP_TOKEN", "SESSION_KEY"];

export function newSecrets() {
  return Object.fromEntries(
    secretNames.map((name) => [name, randomBytes(32).toString("base64url")]),
  );
}

/** The secrets of the local server, from .dev.vars; those missing there are made and kept. */
export function localSecrets() {
  const kept = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const secrets = { ...newSecrets(), ...kept };
  if (secretNames.some((name) => kept[name] === undefined)) {
    writeFileSync(file, serialize(secrets), { mode: 0o600 });
  }
  return secrets;
}

/** @param {Record<string, string>} values */
export function serialize(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/**
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parse(text) {
  const lines = text.split("\n").map((line) => /^\s*([A-Z0-9_]+)\s*=\s*"?([^"]*)"?\s*$/.exec(line));
  return Object.fromEntries(lines.flatMap((m) => (m?.[1] ? [[m[1], m[2] ?? ""]] : [])));
}
