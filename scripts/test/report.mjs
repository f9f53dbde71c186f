/** @typedef {import("./lanes.mjs").Result} Result */

const SLOWEST = 10;

/** @param {readonly Result[]} results */
export const countsOf = (results) =>
  results.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/**
 * Prints how long each step took beside the others, the slowest files, and what failed.
 * @param {readonly Result[]} results
 * @param {number} ms how long all of it took
 */
export function report(results, ms) {
  console.log(`\n# time: ${seconds(ms)} in all`);
  console.log(results.map((step) => `${step.name} ${seconds(step.ms)}`).join(", "));
  const files = results.flatMap((step) =>
    (step.files ?? []).map((file) => ({ ...file, name: `${step.name}: ${file.name}` })),
  );
  for (const file of files.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST))
    console.log(`${seconds(file.ms).padStart(8)}  ${file.name}`);
  const failures = results.flatMap((step) =>
    step.failures.map((what) => (what === step.name ? what : `${step.name}: ${what}`)),
  );
  if (failures.length > 0) console.log(["\n# failed", ...failures].join("\n"));
  console.log();
}

const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
