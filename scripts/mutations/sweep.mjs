import { globSync } from "node:fs";
import { dirname } from "node:path";
import { root } from "../machine/node24.mjs";
import { COMPILER, missedByCompiler } from "./compiled.mjs";
import { round } from "./rounds.mjs";

/** @typedef {import("./guards.mjs").Guard} Guard */
/** @typedef {import("./rounds.mjs").Outcome} Outcome */
/** @typedef {import("./round.mjs").Round["project"]} Project */

const FOLDERS = ["web/core", "web/app", "web/platform", "workers"];

/**
 * What is tried after the tests that the list names: the tests of the guard's own folder, then those of others, the quick
 * ones first. What so many tests that go through a guard do not miss counts as missed by none.
 * @type {readonly { project: Project, plan: Partial<import("./plan.ts").Plan> }[]}
 */
const ROUNDS = [
  { project: "node", plan: { where: "near", notSlowerThan: 500 } },
  { project: "node", plan: { where: "far", notSlowerThan: 100, tries: 30 } },
  { project: "node", plan: { where: "near", slowerThan: 500, notSlowerThan: 5000, tries: 10 } },
  { project: "node", plan: { where: "far", slowerThan: 100, notSlowerThan: 5000, tries: 10 } },
  { project: "browser", plan: { where: "near", tries: 8 } },
  { project: "browser", plan: { where: "far", notSlowerThan: 1000, tries: 4 } },
];

const isBrowsers = (/** @type {string} */ file) => file.includes(".browser.test.");

/** @param {string} test as `file > title` */
const fileOf = (test) => test.split(" > ")[0] ?? test;

/** @type {(file: string) => Project} */
const projectOf = (file) => (isBrowsers(file) ? "browser" : "node");

/**
 * The files of tests that can reach a guard.
 * @param {Project} project
 */
const testFiles = (project) =>
  FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: root }))
    .filter((file) => !file.endsWith(".workerd.test.ts") && projectOf(file) === project)
    .toSorted();

/**
 * What is known of guards while tests are run over them.
 * @typedef {object} State
 * @property {readonly Guard[]} guards all, by their numbers
 * @property {Set<number>} alive
 * @property {Map<number, string>} missed by guard, the test that fails without it
 * @property {Set<number>} reached
 * @property {Map<number, Set<string>>} unsure
 * @property {Set<string>} failures
 */

/** @param {readonly Guard[]} guards @param {readonly number[]} chosen @returns {State} */
const newState = (guards, chosen) => ({
  guards,
  alive: new Set(chosen),
  missed: new Map(),
  reached: new Set(),
  unsure: new Map(),
  failures: new Set(),
});

/**
 * What is asked for.
 * @typedef {object} Asked
 * @property {readonly Guard[]} guards all, by their numbers
 * @property {readonly number[]} chosen
 * @property {ReadonlyMap<number, string>} known the test that missed it at another time
 * @property {string | undefined} only rounds of this project alone
 */

/**
 * Which of these guards a test misses: first the tests that did at another time, then all.
 * @param {Asked} asked
 * @param {(state: State) => void} progress told after each round
 */
export async function sweep({ guards, chosen, known, only }, progress) {
  const state = newState(guards, chosen);
  await byNamed(state, known);
  progress(state);
  for (const [at, { project, plan }] of ROUNDS.entries()) {
    if (at === 1) {
      await byCompiler(state, [...state.alive]);
      progress(state);
    }
    if (state.alive.size === 0 || (only !== undefined && only !== project)) continue;
    say(`${state.alive.size} left; ${project}, ${JSON.stringify(plan)}`);
    await take(state, project, testFiles(project), plan);
    await again(state);
    progress(state);
  }
  return state;
}

/**
 * Which of these guards the tests miss that did at another time, or else the other tests of their files.
 * @param {readonly Guard[]} guards
 * @param {readonly number[]} chosen
 * @param {ReadonlyMap<number, string>} known
 */
export async function lookAgain(guards, chosen, known) {
  const state = newState(guards, chosen);
  await byNamed(state, known);
  const files = testsOf(state, known).map(fileOf);
  for (const [project, inside] of Map.groupBy(new Set(files), projectOf)) {
    await take(state, project, inside, {});
    await again(state);
  }
  return state;
}

/**
 * Runs these files over what is alive, or over what the plan says.
 * @param {State} state
 * @param {Project} project
 * @param {readonly string[]} files
 * @param {Partial<import("./plan.ts").Plan>} plan
 */
async function take(state, project, files, plan, alive = state.alive) {
  const told = [...alive].map((guard) => ({
    guard,
    folder: dirname(state.guards[guard]?.file ?? ""),
  }));
  const outcome = await round(project, files, { ...plan, alive: told });
  for (const [guard, test] of outcome.missed) {
    state.missed.set(guard, test);
    state.alive.delete(guard);
  }
  for (const guard of outcome.reached) state.reached.add(guard);
  for (const failure of outcome.failures) state.failures.add(failure);
  state.unsure = outcome.unsure;
}

/** The tests that the list names for what is alive. @param {State} state @param {ReadonlyMap<number, string>} known */
const testsOf = (state, known) =>
  [...state.alive].flatMap((guard) => {
    const test = known.get(guard);
    return test === undefined || test === COMPILER ? [] : test;
  });

/** @param {State} state @param {ReadonlyMap<number, string>} known */
async function byNamed(state, known) {
  const typed = [...state.alive].filter((guard) => known.get(guard) === COMPILER);
  await byCompiler(state, typed);
  const named = testsOf(state, known);
  for (const [project, tests] of Map.groupBy(new Set(named), (test) => projectOf(fileOf(test)))) {
    say(`${state.alive.size} left; ${project}, the ${tests.length} tests of the list`);
    await take(state, project, [...new Set(tests.map(fileOf))], { only: tests });
    await again(state);
  }
}

/** @param {State} state @param {readonly number[]} chosen */
async function byCompiler(state, chosen) {
  if (chosen.length === 0) return;
  say(`${state.alive.size} left; the compiler over ${chosen.length}`);
  for (const guard of await missedByCompiler(state.guards, chosen)) {
    state.missed.set(guard, COMPILER);
    state.alive.delete(guard);
  }
}

/**
 * A test that also fails after a mutant has gone was spoilt by it or by one before: each such mutant is shown to it once
 * more, alone.
 * @param {State} state
 */
async function again(state) {
  const { unsure } = state;
  state.unsure = new Map();
  for (const [guard, tests] of unsure) {
    if (!state.alive.has(guard)) continue;
    const only = [...tests];
    const project = projectOf(fileOf(only[0] ?? ""));
    await take(state, project, [...new Set(only.map(fileOf))], { only }, new Set([guard]));
  }
}

/** @param {string} what */
function say(what) {
  console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
}
