import { spawn } from "node:child_process";
import { join } from "node:path";
import { nodePath, root } from "../../../scripts/machine/node24.mjs";

/** A program with all that it starts. */
export interface Group {
  isRunning(): boolean;
  /** What it wrote so far. */
  output(): string;
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
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const lines = new Promise<string>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("\n")) resolve(output.slice(0, output.indexOf("\n")));
    };
    child.stdout.on("data", onData);
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
