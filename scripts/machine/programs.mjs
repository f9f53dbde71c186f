import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The program that this variable of the environment names, else the first of these on the PATH.
 * @param {string} variable
 * @param {readonly string[]} names
 */
export function findProgram(variable, names) {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    process.env[variable],
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  return candidates.find((path) => path !== undefined && path !== "" && isExecutable(path));
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
