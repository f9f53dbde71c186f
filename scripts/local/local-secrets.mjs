import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/node24.mjs";
import { newVapid } from "./vapid.mjs";

const file = join(root, ".dev.vars");

const randomNames = ["SETUP_TOKEN", "SESSION_KEY"];

/** Every secret the Worker needs. In production they are set with `wrangler secret put`. */
export const secretNames = [
  ...randomNames,
  "VAPID_PUBLIC_KEY",
  "VAPID_PRIVATE_KEY",
  "VAPID_SUBJECT",
];

/** Nobody reads it: whom push services would write to about this machine. */
const subject = "mailto:nobody@example.com";

/** @returns {Promise<Record<string, string>>} */
export async function newSecrets() {
  const random = randomNames.map((name) => [name, randomBytes(32).toString("base64url")]);
  return { ...Object.fromEntries(random), ...(await newVapid()), VAPID_SUBJECT: subject };
}

/** The secrets of the local server, from .dev.vars; those missing there are made and kept. */
export async function localSecrets() {
  const kept = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const made = await newSecrets();
  const secrets = { ...made, ...kept };
  // Two halves of one pair: what is left of another is of no use.
  if (kept["VAPID_PUBLIC_KEY"] === undefined || kept["VAPID_PRIVATE_KEY"] === undefined) {
    secrets["VAPID_PUBLIC_KEY"] = made["VAPID_PUBLIC_KEY"] ?? "";
    secrets["VAPID_PRIVATE_KEY"] = made["VAPID_PRIVATE_KEY"] ?? "";
  }
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
