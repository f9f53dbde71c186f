import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { allGuards } from "./guards.mjs";
import { drift, pin, pinned, survivors } from "./pinned.mjs";
import { judgeTogether } from "./survivors.mjs";
import { lookAgain, sweep } from "./sweep.mjs";
import { MOST_SURVIVORS, tableOf } from "./table.mjs";

ensureInstalled();
await ensureNode();

/** So many guards a day, of those that a test was seen to miss. */
const SAMPLE = 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    new: { type: "boolean", default: false },
    project: { type: "string" },
    sample: { type: "boolean", default: false },
    seed: { type: "string", default: new Date().toISOString().slice(0, 10) },
  },
});

const guards = allGuards();
const keys = guards.map(({ key }) => key);
const listed = pinned();

if (values.list) list();
else if (values.sample) process.exitCode = await sample();
else process.exitCode = await whole();
// A browser that a round left behind must not keep this alive.
process.exit();

/** Takes the list from the code; what is new has no test yet. */
function list() {
  const { unlisted, gone } = drift(keys);
  pin(guards, listed);
  console.log([...unlisted.map((key) => `+ ${key}`), ...gone.map((key) => `- ${key}`)].join("\n"));
}

/** The number of each guard that the list has a test for, with the test. */
function knownTests() {
  return new Map(
    keys.flatMap((key, n) => {
      const test = listed.get(key);
      return test ? [/** @type {const} */ ([n, test])] : [];
    }),
  );
}

/** Writes the list with these tests in it. @param {ReadonlyMap<number, string>} missed */
function keep(missed) {
  for (const [n, test] of missed) listed.set(keys[n] ?? "", test);
  pin(guards, listed);
}

/** A few of the guards, others each day: is each still missed? */
async function sample() {
  const known = knownTests();
  const order = (/** @type {number} */ n) =>
    createHash("sha256").update(`${values.seed} ${keys[n]}`).digest("hex");
  const chosen = [...known.keys()].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  const state = await lookAgain(guards, chosen.slice(0, SAMPLE), known);
  const left = [...state.alive].map((n) => keys[n]);
  for (const failure of state.failures) console.log(`with every check in place: ${failure}`);
  for (const key of left) console.log(`no test misses: ${key}`);
  console.log(
    `${state.missed.size} of ${SAMPLE} checks are missed by a test (--seed ${values.seed})`,
  );
  if (left.length > 0) {
    console.log("`npm run test:mutations -- --new` looks for other tests that do, and lists them.");
  }
  return left.length + state.failures.size > 0 ? 1 : 0;
}

/** All guards, or those whose names have one of the given texts, or those without a test (`--new`). */
async function whole() {
  const reasons = survivors();
  const known = knownTests();
  const isAsked = (/** @type {string} */ key) =>
    positionals.length === 0 || positionals.some((text) => key.includes(text));
  const chosen = keys.flatMap((key, n) =>
    isAsked(key) && !(values.new && (known.has(n) || reasons.has(key))) ? [n] : [],
  );
  const state = await sweep({ guards, chosen, known, only: values.project }, ({ missed }) =>
    keep(missed),
  );
  // What was not asked about is as the list has it.
  const isMissed = (/** @type {number} */ n) =>
    state.missed.has(n) || (!state.alive.has(n) && known.has(n));
  for (const n of state.alive) listed.delete(keys[n] ?? "");
  keep(state.missed);

  const judged = keys.map((key, n) => ({
    key,
    isMissed: isMissed(n),
    survival: reasons.get(key),
  }));
  const surviving = judged.filter((one) => !one.isMissed);
  const unproven = await judgeTogether(keys, reasons);
  for (const failure of state.failures) console.log(`with every check in place: ${failure}`);
  for (const { key, survival } of surviving) {
    if (survival) continue;
    const n = keys.indexOf(key);
    console.log(
      `${state.alive.has(n) && !state.reached.has(n) ? "not reached" : "survives"}: ${key}`,
    );
  }
  const needless = judged.filter((one) => one.isMissed && one.survival);
  for (const { key } of needless) console.log(`needs no reason any more: ${key}`);
  for (const why of unproven) console.log(why);
  console.log(`\n${tableOf(judged)}`);
  const isBad =
    surviving.length > MOST_SURVIVORS * keys.length ||
    surviving.some(({ survival }) => !survival) ||
    needless.length + unproven.length > 0;
  return isBad ? 1 : 0;
}
