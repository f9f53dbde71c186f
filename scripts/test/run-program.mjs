import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { nodePath, root, toolEnv } from "../machine/node24.mjs";

/**
 * Runs a program of Node. Each line of it is printed when it comes, led by the step's name: another step prints beside it.
 * Resolves with whether it succeeded.
 * @param {string} step
 * @param {readonly string[]} program its file and its arguments
 * @param {Record<string, string>} [env]
 * @returns {Promise<boolean>}
 */
export function runProgram(step, program, env = {}) {
  const child = spawn(nodePath(), [...program], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: toolEnv({ CI: "true", ...env }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => console.log(`${step} | ${line}`));
  }
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (status) => resolve(status === 0));
  });
}
