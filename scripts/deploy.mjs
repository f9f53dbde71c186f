import { spawnSync } from "node:child_process";
import { build } from "./build/build.mjs";
import { databases } from "./machine/databases.mjs";
import { ensureInstalled } from "./machine/install.mjs";
import { secretNames } from "./local/local-secrets.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "./machine/node24.mjs";

ensureInstalled();
await ensureNode();

/** The main database and its shards; each is migrated once. */
const stores = databases();

const unset = stores.filter(({ id }) => /^[0-]+\d$/.test(id)).map(({ binding }) => binding);
if (stores.length === 0 || unset.length > 0) {
  fail(
    `wrangler.toml has no real database_id for ${unset.join(", ") || "DB"}. See docs/OPERATIONS.md, "Create the stores".`,
  );
}

const missing = missingSecrets();
if (missing.length > 0) {
  const ways = missing.map((name) =>
    name.startsWith("VAPID_")
      ? "  npm run ops:push-keys -- mailto:you@your-domain"
      : `  npx wrangler secret put ${name}`,
  );
  const commands = [...new Set(ways)].join("\n");
  fail(`These secrets are not set (docs/OPERATIONS.md, "Secrets"):\n${commands}`);
}

if (!build()) fail("The client could not be built.");
for (const { binding } of stores) {
  if (!wrangler("d1", "migrations", "apply", binding, "--remote"))
    fail(`Migrating ${binding} failed.`);
}
if (!wrangler("deploy")) fail("The deployment failed; the migrations were applied.");

function missingSecrets() {
  const { status, stdout, stderr } = spawnSync(
    nodePath(),
    [tools.wrangler, "secret", "list", "--format=json"],
    { cwd: root, encoding: "utf8", env: toolEnv({ NO_COLOR: "1" }) },
  );
  if (status !== 0)
    fail(`The secrets could not be listed (npx wrangler login?):\n${stderr || stdout}`);
  /** @type {{ name: string }[]} */
  const present = JSON.parse(stdout);
  return secretNames.filter((name) => !present.some((secret) => secret.name === name));
}

/** @param {string[]} args */
function wrangler(...args) {
  return (
    spawnSync(nodePath(), [tools.wrangler, ...args], {
      cwd: root,
      stdio: "inherit",
      env: toolEnv(),
    }).status === 0
  );
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
