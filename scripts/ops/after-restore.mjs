import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { opsOptions } from "./options.mjs";
import { endPass, makePass } from "./pass.mjs";
import { reportOf, runToEnd } from "./restore-report.mjs";

// To be run after every restore of a D1 database, before people are let in again (docs/OPERATIONS.md).

const LIFE_MS = 24 * 60 * 60 * 1000;

ensureInstalled();
await ensureNode();
const { where, origin } = opsOptions("ops:after-restore");
const pass = makePass(where, "after-restore", LIFE_MS);

/** @param {unknown} after */
const step = (after) =>
  fetch(`${origin}/api/operator/after-restore`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ pass, after }),
  });

try {
  const report = await runToEnd(step, (line) => console.log(line));
  console.log(reportOf(report).join("\n"));
  process.exitCode = report.failed.length > 0 ? 1 : 0;
} finally {
  endPass(where, pass);
}
