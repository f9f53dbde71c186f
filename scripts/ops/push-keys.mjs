import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { newVapid } from "../local/vapid.mjs";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode, nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

// Makes the keys by which push services know this installation, and puts them where the Worker finds them.

const USAGE = "npm run ops:push-keys -- mailto:you@your-domain [--replace]";

ensureInstalled();
await ensureNode();
const { runnerImport } = await import("vite");
/** @type {{ module: typeof import("../../workers/vapid.ts") }} */
const { module } = await runnerImport(join(root, "workers", "vapid.ts"), {
  configFile: false,
  root,
});

const [subject = "", ...rest] = process.argv.slice(2);
if (module.addressIn(subject) === null) {
  fail(
    `Push services write to the operator at this address, and Apple's refuses one that is none.\n${USAGE}`,
  );
}

const listed = wrangler(["secret", "list", "--format=json"], "");
/** @type {{ name: string }[]} */
const present = JSON.parse(listed);
if (present.some(({ name }) => name === "VAPID_PUBLIC_KEY") && !rest.includes("--replace")) {
  fail(
    `There are keys. With other ones no device rings until Thyme is opened on it again.\n${USAGE}`,
  );
}
const secrets = { ...(await newVapid()), VAPID_SUBJECT: subject };
console.log(wrangler(["secret", "bulk"], JSON.stringify(secrets)));

/**
 * @param {string[]} args
 * @param {string} input
 */
function wrangler(args, input) {
  const { status, stdout, stderr } = spawnSync(nodePath(), [tools.wrangler, ...args], {
    cwd: root,
    encoding: "utf8",
    input,
    env: toolEnv({ NO_COLOR: "1" }),
  });
  if (status !== 0) fail(`wrangler ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
