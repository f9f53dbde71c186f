import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** The server's process: the newest workerd of this process group. Throws if there is none. */
export function serverProcess(group: number): number {
  const found = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, , pgrp] =
          readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return Number(pgrp) === group && command.includes("workerd");
      } catch {
        return false;
      }
    });
  // Its command line is the program's; node's names scripts.
  const pid = found.find((candidate) =>
    readFileSync(`/proc/${candidate}/cmdline`, "utf8").split("\0")[0]?.endsWith("workerd"),
  );
  if (pid === undefined) throw new Error("no workerd");
  return pid;
}

/** Megabytes resident now, and at most since the peak was forgotten. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** See proc(5), clear_refs. */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");
