import { spawn } from "node:child_process";
import { join } from "node:path";
import { nodePath, root } from "../../../scripts/machine/node24.mjs";

/** A program with all that it starts. */
export interface Group {
  isRunning(): boolean;
  /** Everything that it wrote so far. */
  output(): string;
  /** The first line of its standard output: warnings go elsewhere and may come before. */
  firstLine(): Promise<string>;
  /** Ends all of it, and resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts a program in a process group of its own, which ends with this process at the latest. */
export function startGroup(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Group {
  const child = spawn(
    nodePath(),
    [join(root, "scripts", "local", "with-parent.mjs"), program, ...args],
    {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    },
  );
  let output = "";
  let said = "";
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const lines = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      output += chunk.toString();
      if (said.includes("\n")) resolve(said.slice(0, said.indexOf("\n")));
    });
    child.stderr.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    void exited.then(() => reject(new Error(`${program} ended:\n${output}`)));
  });
  lines.catch(() => {
    // Whoever waits for the line hears of it.
  });
  return {
    isRunning,
    output: () => output,
    firstLine: () => lines,
    async end() {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // The whole group has already gone.
      }
      await exited;
    },
  };
}
