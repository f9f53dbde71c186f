import { round } from "./rounds.mjs";

/**
 * What is wrong with the reasons that are given: checks that imply another are one, and without all of them its test fails.
 * @param {readonly string[]} keys
 * @param {ReadonlyMap<string, import("./pinned.mjs").Survival>} reasons
 * @returns {Promise<string[]>}
 */
export async function judgeTogether(keys, reasons) {
  const claims = [...reasons].flatMap(([key, survival]) =>
    "with" in survival
      ? [
          {
            key,
            guards: [key, ...survival.with].map((one) => keys.indexOf(one)),
            test: survival.test,
          },
        ]
      : [],
  );
  const unknown = claims.filter(({ guards }) => guards.includes(-1));
  const together = claims.filter((one) => !unknown.includes(one));
  const tests = [...new Set(together.map(({ test }) => test))];
  const byProject = Map.groupBy(tests, (test) =>
    test.includes(".browser.test.") ? /** @type {const} */ ("browser") : "node",
  );
  /** @type {Set<string>} */
  const proven = new Set();
  for (const [project, only] of byProject) {
    const files = [...new Set(only.map((test) => test.split(" > ")[0] ?? test))];
    const found = await round(project, files, { only, together });
    for (const { guards, isMissed } of found.together) if (isMissed) proven.add(guards.join());
  }
  return [
    ...unknown.map(({ key }) => `a reason names a check that is not listed: ${key}`),
    ...together.flatMap(({ key, guards, test }) =>
      proven.has(guards.join()) ? [] : [`without all of them, no failure of ${test}: ${key}`],
    ),
  ];
}
