import { createHash, randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

/**
 * The database that a command is about: the deployed one, by the operator's own Cloudflare credentials, or this folder's.
 * @typedef {{ local: boolean, persistTo?: string | undefined }} Where
 */

/**
 * What the database keeps of a pass (`workers/accounts/operator-pass.ts` makes the same).
 * @param {string} pass
 */
export const passHash = (pass) =>
  createHash("sha256").update("thyme/v1/operator-pass\0").update(pass).digest("base64url");

/**
 * @param {Where} where
 * @param {string} sql
 */
function execute({ local, persistTo }, sql) {
  const place = local
    ? ["--local", `--persist-to=${persistTo ?? join(root, ".wrangler", "state")}`]
    : ["--remote"];
  const result = spawnSync(
    nodePath(),
    [tools.wrangler, "d1", "execute", "DB", ...place, "--yes", "--json", `--command=${sql}`],
    { cwd: root, encoding: "utf8", env: toolEnv({ CI: "true", NO_COLOR: "1" }) },
  );
  if (result.status === 0) return;
  throw new Error(`The database did not take the pass:\n${result.stdout}${result.stderr}`);
}

/**
 * Makes a pass: whoever can write this database is its operator, and nobody else can make one.
 * @param {Where} where
 * @param {"administrator" | "after-restore" | "continue-on-shard"} purpose
 * @param {number} lifeMs
 * @returns {string}
 */
export function makePass(where, purpose, lifeMs) {
  const pass = randomBytes(32).toString("base64url");
  // Nothing of this is anybody's input: a hash of the alphabet of base64url, a fixed word, a number.
  const values = `'${passHash(pass)}', '${purpose}', ${Date.now() + lifeMs}`;
  execute(where, `INSERT INTO operator_passes VALUES (${values})`);
  return pass;
}

/**
 * @param {Where} where
 * @param {string} pass
 */
export function endPass(where, pass) {
  execute(where, `DELETE FROM operator_passes WHERE hash = '${passHash(pass)}'`);
}
