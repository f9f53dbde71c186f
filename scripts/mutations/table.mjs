import { GUARDED } from "./guards.mjs";

/** @typedef {{ readonly key: string, readonly isMissed: boolean, readonly survival: import("./pinned.mjs").Survival | undefined }} Judged */

/** Of all guards, so many may go without a test that misses them. */
export const MOST_SURVIVORS = 0.05;

/** Two folders deep in the client, where a folder is a subject. @param {string} key */
function folderOf(key) {
  const parts = (key.split(" | ")[0] ?? "").split("/").slice(0, -1);
  const base = GUARDED.find((folder) => key.startsWith(folder)) ?? "";
  return parts.slice(0, base.split("/").length + 1).join("/");
}

/**
 * The table by folder, as Markdown.
 * @param {readonly Judged[]} judged
 */
export function tableOf(judged) {
  const rows = [...Map.groupBy(judged, ({ key }) => folderOf(key))].map(([folder, inside]) =>
    rowOf(folder, inside),
  );
  const head = [
    "| folder | checks | missed by a test | survive | with a reason |",
    "|---|--:|--:|--:|--:|",
  ];
  return [...head, ...rows, rowOf("all", judged)].join("\n");
}

/** @param {string} name @param {readonly Judged[]} judged */
function rowOf(name, judged) {
  const survive = judged.filter(({ isMissed }) => !isMissed);
  const named = survive.filter(({ survival }) => survival !== undefined);
  return `| ${name} | ${judged.length} | ${judged.length - survive.length} | ${survive.length} | ${named.length} |`;
}
