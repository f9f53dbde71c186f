import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { root } from "../machine/node24.mjs";

/**
 * One run of one project's tests over mutants, as a program of its own: what never ends can be ended. Told what to do by a
 * file, THYME_ROUND; what each test found is a line of the file `out`.
 * @typedef {object} Round
 * @property {import("./plan.ts").Plan} plan
 * @property {"node" | "browser"} project
 * @property {readonly string[]} files of tests
 * @property {string} out
 */

/** @type {Round} */
const { out, project } = JSON.parse(readFileSync(process.env["THYME_ROUND"] ?? "", "utf8"));

const tell = (/** @type {unknown} */ what) => appendFileSync(out, `${JSON.stringify(what)}\n`);

const vitest = await startVitest("test", [], {
  config: join(root, "scripts/mutations/vitest.config.ts"),
  root,
  run: true,
  watch: false,
  project,
  reporters: [
    {
      onTestCaseResult(test) {
        const { state, errors } = test.result();
        const failure = state === "failed" ? (errors?.[0]?.message ?? "failed") : null;
        tell({
          file: test.module.relativeModuleId,
          title: test.fullName,
          failure,
          found: test.meta().mutants ?? null,
        });
      },
      onTestModuleEnd(module) {
        const [error] = module.errors();
        const file = module.relativeModuleId;
        if (error) tell({ file, title: "", failure: error.message, found: null });
      },
    },
  ],
});
await vitest.close();
process.exit(0);
