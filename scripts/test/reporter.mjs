import { writeFileSync } from "node:fs";
import { DefaultReporter } from "vitest/node";

/** vitest's own output, and the three numbers in a file for the script that adds everything up. */
export default class CountingReporter extends DefaultReporter {
  /**
   * @override
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly import("vitest/node").SerializedError[]} errors
   * @param {import("vitest/node").TestRunEndReason} reason
   */
  onTestRunEnd(modules, errors, reason) {
    super.onTestRunEnd(modules, errors, reason);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      // A file that does not load has no tests to count, and is a failure all the same.
      if (module.state() === "failed" && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "failed" : state] += 1;
      }
    }
    counts.failed += errors.length;
    const file = process.env["THYME_REPORTER"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}
