/**
 * What became of a step; a step that is one check counts as one.
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures what failed, one line each
 * @property {{ name: string, ms: number }[]} [files] how long each file of tests took
 */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} [needs] these steps end first, where they run at all
 * @property {boolean} [isListed] false: nobody asks for it by its name
 * @property {() => Promise<Outcome>} work throws where it fails as a whole
 */

/** @typedef {Outcome & { name: string, ms: number }} Result */

/**
 * Runs at most `lanes` steps at a time. A free lane takes the first step whose needs have ended, whatever became of them:
 * a failing early step must not hide later ones. Resolves with the results in the order of the steps.
 * @param {readonly Step[]} steps
 * @param {number} lanes
 * @returns {Promise<Result[]>}
 */
export async function inLanes(steps, lanes) {
  const waiting = [...steps];
  const names = new Set(steps.map(({ name }) => name));
  /** @type {Map<string, Result>} */
  const ended = new Map();
  /** @type {Set<Promise<void>>} */
  const running = new Set();

  const isReady = (/** @type {Step} */ { needs = [] }) =>
    needs.every((name) => !names.has(name) || ended.has(name));

  while (waiting.length > 0 || running.size > 0) {
    const at = running.size < lanes ? waiting.findIndex(isReady) : -1;
    const [step] = at === -1 ? [] : waiting.splice(at, 1);
    if (step !== undefined) {
      const run = timed(step).then((result) => void ended.set(step.name, result));
      const lane = run.finally(() => running.delete(lane));
      running.add(lane);
    } else if (running.size > 0) {
      await Promise.race(running);
    } else {
      throw new Error(
        `Steps that wait for each other: ${waiting.map(({ name }) => name).join(", ")}`,
      );
    }
  }
  return steps.flatMap(({ name }) => ended.get(name) ?? []);
}

/** @param {Step} step @returns {Promise<Result>} */
async function timed({ name, work }) {
  const began = performance.now();
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    outcome = { passed: 0, failed: 1, skipped: 0, failures: [why] };
  }
  return { name, ms: performance.now() - began, ...outcome };
}
