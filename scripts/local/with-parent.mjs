import { spawn } from "node:child_process";

// Runs a program with its arguments in this process group and ends the whole group when the parent, which holds the other
// end of standard input, is gone: a killed test run or terminal must not leave servers behind.
const [program = "", ...args] = process.argv.slice(2);
const child = spawn(program, args, {
  stdio: ["ignore", "inherit", "inherit"],
});
child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("exit", (code) => process.exit(code ?? 1));
process.stdin.on("close", () => process.kill(-process.pid, "SIGKILL"));
process.stdin.resume();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  // The child has got the same signal and ends in its own time.
  process.on(signal, () => {});
}
