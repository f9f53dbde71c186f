import { spawnSync } from "node:child_process";

/** Whether this machine lets the tests install what they need: Debian's tools, and the right to use them. */
export const canInstall = () =>
  process.platform === "linux" && process.getuid?.() === 0 && runs("apt-get", ["--version"]);

/**
 * Installs these packages where `canInstall`; returns whether all are there now.
 * @param {readonly string[]} packages
 */
export function installPackages(packages) {
  if (!canInstall()) return false;
  console.log(`Installing ${packages.join(", ")} with apt-get (once) ...`);
  return (
    runs("apt-get", ["update", "-q"]) &&
    runs("apt-get", ["install", "-yq", "--no-install-recommends", ...packages])
  );
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function runs(command, args) {
  return (
    spawnSync(command, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0
  );
}
