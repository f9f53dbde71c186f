import { writeFileSync } from "node:fs";
import { DefaultReporter } from "vitest/node";

/** vitest's own output, and in a file what the script that adds everything up wants to know: an Outcome of lanes.mjs. */
export default class CountingReporter extends DefaultReporter {
  /**
   * @override
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly import("vitest/node").SerializedError[]} errors
   * @param {import("vitest/node").TestRunEndReason} reason
   */
  onTestRunEnd(modules, errors, reason) {
    super.onTestRunEnd(modules, errors, reason);
    const file = process.env["THYME_REPORTER"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(outcomeOf(modules, errors)));
  }
}

/**
 * @param {readonly import("vitest/node").TestModule[]} modules
 * @param {readonly import("vitest/node").SerializedError[]} errors between tests
 * @returns {import("./lanes.mjs").Outcome}
 */
function outcomeOf(modules, errors) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = errors.map(({ message }) => `outside a test: ${message}`);
  const files = modules.map((module) => {
    const { collectDuration, setupDuration, duration } = module.diagnostic();
    return { name: module.relativeModuleId, ms: collectDuration + setupDuration + duration };
  });
  for (const module of modules) {
    // A file that does not load has no tests to count, and is a failure all the same.
    if (module.state() === "failed" && module.errors().length > 0)
      failures.push(module.relativeModuleId);
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed" || state === "skipped") counts[state] += 1;
      else failures.push(`${module.relativeModuleId} > ${test.fullName}`);
    }
  }
  return { ...counts, failed: failures.length, failures, files };
}
