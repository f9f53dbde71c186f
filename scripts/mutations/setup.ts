import { type RunnerTestCase, type RunnerTestSuite, beforeAll, beforeEach, inject } from "vitest";
import { getFn, getHooks, setFn } from "vitest/suite";
import { deadline } from "./deadline.ts";
import type { Alive, Found, Plan } from "./plan.ts";
import { listen, take } from "./switch.ts";

const plan: Plan = inject("mutations");

/** Files that share a process share what was found out. */
const memory = globalThis as { thymeMissed?: Set<number>; thymePassed?: Map<number, number> };
const missed = (memory.thymeMissed ??= new Set<number>());
const passed = (memory.thymePassed ??= new Map<number, number>());

/** Starting costs more than it takes, and on a busy machine more than it took. */
const patience = (ms: number): number => 3000 + 8 * ms;

const testsOf = (suite: RunnerTestSuite): RunnerTestCase[] =>
  suite.tasks.flatMap((task) => (task.type === "suite" ? testsOf(task) : [task]));

function suitesOf(test: RunnerTestCase): RunnerTestSuite[] {
  const inner: RunnerTestSuite[] = [];
  for (let suite = test.suite; suite && suite !== test.file; suite = suite.suite) inner.push(suite);
  return [test.file, ...inner.reverse()];
}

/** A test that can be run again and again, its hooks around it as vitest has them. */
function repeatable(test: RunnerTestCase, once: () => unknown) {
  const suites = suitesOf(test);
  let cleanups: unknown[] = [];
  const clean = async () => {
    for (const suite of suites.toReversed()) {
      for (const hook of getHooks(suite).afterEach) await hook(test.context, suite);
    }
    for (const cleanup of cleanups.toReversed()) {
      if (typeof cleanup === "function") await cleanup();
    }
  };
  const prepare = async () => {
    cleanups = [];
    for (const suite of suites) {
      for (const hook of getHooks(suite).beforeEach) {
        cleanups.push(await hook(test.context, suite));
      }
    }
  };
  /** Whether it fails without these guards. Leaves behind what its own `afterEach` is to clean. */
  return async (out: readonly number[], ms: number): Promise<boolean> => {
    await clean().catch(() => undefined);
    take(out);
    try {
      await deadline.around(patience(ms), async () => {
        await prepare();
        await once();
      });
      return false;
    } catch {
      return true;
    } finally {
      take([]);
    }
  };
}

type Fails = ReturnType<typeof repeatable>;

/** Since the hooks of the test that runs began. */
let reached = new Set<number>();
let isTrying = false;

/** Whether mutants have been tried in this file, which could have left something behind. */
let isFresh = true;

async function tryEach(fails: Fails, candidates: readonly number[], ms: number) {
  const found = { missed: [] as number[], passed: [] as number[], unsure: [] as number[] };
  const end = deadline.now() + plan.budget;
  for (const guard of candidates) {
    if (missed.has(guard) || (passed.get(guard) ?? 0) >= plan.tries) continue;
    if (deadline.now() > end) break;
    const wasFresh = isFresh;
    isFresh = false;
    if (!(await fails([guard], ms))) {
      found.passed.push(guard);
      passed.set(guard, (passed.get(guard) ?? 0) + 1);
      continue;
    }
    const isSound = !(await fails([], ms));
    if (isSound || wasFresh) {
      missed.add(guard);
      found.missed.push(guard);
    } else {
      found.unsure.push(guard);
    }
    if (!isSound) break;
  }
  return found;
}

async function tryTogether(fails: Fails, name: string, ms: number) {
  const mine = plan.together.filter(({ test }) => test === name);
  const found: { guards: readonly number[]; isMissed: boolean }[] = [];
  for (const { guards } of mine) {
    const isMissed = await fails(guards, ms);
    found.push({ guards, isMissed: isMissed && !(await fails([], ms)) });
  }
  return found;
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/"));

const isFor =
  (file: string) =>
  ({ folder }: Alive): boolean =>
    plan.where === "anywhere" || (plan.where === "near") === (folder === folderOf(file));

/** Runs the test, then again for each mutant that it might miss. */
async function judge(test: RunnerTestCase, once: () => unknown): Promise<void> {
  const began = deadline.now();
  const mine = reached;
  try {
    await once();
  } finally {
    listen(null);
  }
  const ms = deadline.now() - began;
  const isChosen = ms > plan.slowerThan && ms <= plan.notSlowerThan;
  const alive = isChosen ? plan.alive.filter(({ guard }) => mine.has(guard)) : [];
  const candidates = alive.filter(isFor(test.file.name)).map(({ guard }) => guard);
  isTrying = true;
  const fails = repeatable(test, once);
  const together = await tryTogether(fails, test.fullName, ms);
  const tried = await tryEach(fails, candidates, ms);
  isTrying = false;
  test.meta.mutants = { ...tried, reached: [...mine], together, ms } satisfies Found;
}

// Before the hooks of the file: what they go through counts.
beforeEach(() => {
  if (isTrying) return;
  reached = new Set();
  listen(reached);
});
// oxlint-disable-next-line no-empty-pattern -- vitest wants a pattern here
beforeAll(({}, file) => {
  isFresh = true;
  for (const test of testsOf(file)) {
    if (plan.only?.includes(test.fullName) === false) test.mode = "skip";
    const once = getFn(test);
    setFn(test, () => judge(test, once));
  }
});
