import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { opsOptions } from "./options.mjs";
import { endPass, makePass } from "./pass.mjs";
import { rest, untilAnswered } from "./until-answered.mjs";

// To be run when an archive shard is full and the next one is deployed (docs/OPERATIONS.md).

const LIFE_MS = 24 * 60 * 60 * 1000;

ensureInstalled();
await ensureNode();
const { where, origin, from, to } = opsOptions("ops:continue-on-shard", ["from", "to"]);
const pass = makePass(where, "continue-on-shard", LIFE_MS);

/** @param {string | null} after */
const step = (after) =>
  fetch(`${origin}/api/operator/continue-on-shard`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ pass, from, to, after }),
  });

try {
  let moved = 0;
  /** @type {string[]} */
  const failed = [];
  /** @type {string | null} */
  let after = null;
  do {
    const place = after;
    /** @typedef {import("../../workers/protocol/http/operator.ts").ContinueOnShardResult} Step */
    const found = /** @type {Step} */ (await untilAnswered(() => step(place), rest));
    moved += found.moved;
    failed.push(...found.failed);
    after = found.next;
    console.log(`${moved} conversations go on in shard ${to} ...`);
  } while (after !== null);
  console.log(`\nConversations that go on in shard ${to} instead of ${from}: ${moved}.`);
  if (failed.length > 0) {
    console.log(`NOT REACHED: ${failed.length}. Run the command again:`);
    for (const id of failed) console.log(`  ${id}`);
    process.exitCode = 1;
  }
} finally {
  endPass(where, pass);
}
