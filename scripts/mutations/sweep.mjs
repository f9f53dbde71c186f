import { globSync } from "node:fs";
import { root } from "../machine/node24.mjs";
import { round } from "./rounds.mjs";

/** @typedef {import("./rounds.mjs").Outcome} Outcome */
/** @typedef {import("./round.mjs").Round["project"]} Project */

const FOLDERS = ["web/core", "web/app", "workers"];

/** Bands of tests by how long they take: what a quick one misses is not shown to a slow one. */
const BANDS = [
  { slowerThan: -1, notSlowerThan: 50 },
  { slowerThan: 50, notSlowerThan: 500 },
  { slowerThan: 500, notSlowerThan: Number.MAX_SAFE_INTEGER },
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
 * Which of these guards a test misses: first the tests that did at another time, then all, the quick ones first, in Node
 * and at last in the browser.
 * @param {readonly number[]} guards
 * @param {ReadonlyMap<number, string>} known the test that missed it at another time
 */
export async function sweep(guards, known) {
  const state = newState(guards);
  await byNamed(state, known);
  for (const project of /** @type {const} */ (["node", "browser"])) {
    for (const band of BANDS) {
      if (state.alive.size === 0) break;
      say(`${state.alive.size} left; ${project}, tests of ${band.slowerThan + 1} ms and more`);
      take(state, await round(project, testFiles(project), { ...band, alive: [...state.alive] }));
      await again(state);
    }
  }
  return state;
}

/**
 * Which of these guards the tests miss that did at another time, or else the other tests of their files.
 * @param {readonly number[]} guards
 * @param {ReadonlyMap<number, string>} known
 */
export async function lookAgain(guards, known) {
  const state = newState(guards);
  await byNamed(state, known);
  const files = [...state.alive].flatMap((guard) => fileOf(known.get(guard) ?? ""));
  for (const [project, inside] of Map.groupBy(new Set(files), projectOf)) {
    take(state, await round(project, inside, { alive: [...state.alive] }));
  }
  return state;
}

/** @param {readonly number[]} guards */
const newState = (guards) => ({
  alive: new Set(guards),
  /** @type {Map<number, string>} */
  missed: new Map(),
  /** @type {Set<number>} */
  reached: new Set(),
  /** @type {Map<number, Set<string>>} */
  unsure: new Map(),
  /** @type {Set<string>} */
  failures: new Set(),
});

/** @typedef {ReturnType<typeof newState>} State */

/** @param {State} state @param {Outcome} outcome */
function take(state, outcome) {
  for (const [guard, test] of outcome.missed) {
    state.missed.set(guard, test);
    state.alive.delete(guard);
  }
  for (const guard of outcome.reached) state.reached.add(guard);
  for (const failure of outcome.failures) state.failures.add(failure);
  state.unsure = outcome.unsure;
}

/** @param {State} state @param {ReadonlyMap<number, string>} known */
async function byNamed(state, known) {
  const named = [...state.alive].flatMap((guard) => known.get(guard) ?? []);
  for (const [project, tests] of Map.groupBy(new Set(named), (test) => projectOf(fileOf(test)))) {
    say(`${state.alive.size} left; ${project}, the ${tests.length} tests of the list`);
    const files = [...new Set(tests.map(fileOf))];
    take(state, await round(project, files, { only: tests, alive: [...state.alive] }));
    await again(state);
  }
}

/**
 * A test that also fails after a mutant has gone was spoilt by it or by one before: each such mutant is shown to it once
 * more, alone.
 * @param {State} state
 */
async function again(state) {
  for (const [guard, tests] of state.unsure) {
    if (!state.alive.has(guard)) continue;
    const only = [...tests];
    const [project, files] = [projectOf(fileOf(only[0] ?? "")), [...new Set(only.map(fileOf))]];
    take(state, await round(project, files, { only, alive: [guard] }));
  }
}

/** @param {string} what */
function say(what) {
  console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
}
