import { readFileSync } from "node:fs";
import { type TestProjectInlineConfiguration, defineConfig } from "vitest/config";
import base from "../../vitest.config.ts";
import { root } from "../machine/node24.mjs";
import { allGuards } from "./guards.mjs";
import { guardSwitches } from "./instrument.mjs";

/** What round.mjs is to do; see there. */
const { plan, project, files } = JSON.parse(readFileSync(process.env["THYME_ROUND"] ?? "", "utf8"));

const isInline = (one: unknown): one is TestProjectInlineConfiguration =>
  typeof one === "object" && one !== null && "test" in one;

const chosen = (base.test?.projects ?? [])
  .filter(isInline)
  .find((one) => one.test?.name === project);
if (!chosen) throw new Error(`no project of tests is called ${project}`);

/** One project of the tests as it is, with a switch around each guard. */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        ...chosen,
        plugins: [...(chosen.plugins ?? []), guardSwitches(allGuards())],
        test: {
          ...chosen.test,
          include: files,
          setupFiles: ["./scripts/mutations/setup.ts"],
          provide: { mutations: plan },
          // One process: what a test has missed needs no other.
          maxWorkers: 1,
          isolate: false,
          // A test goes on as long as there are mutants for it.
          testTimeout: 3_600_000,
        },
      },
    ],
    silent: true,
    // What a mutant leaves running ends after its test.
    dangerouslyIgnoreUnhandledErrors: true,
  },
});
