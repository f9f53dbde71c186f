import { expect, test } from "vitest";
import { missedByCompiler } from "./compiled.mjs";
import { allGuards } from "./guards.mjs";

const guards = allGuards();
const numberOf = (key: string) => guards.findIndex((guard) => guard.key === key);

test("the compiler misses a check that narrows what follows, and none that only compares", async () => {
  const narrows = numberOf("web/core/conversation/build.ts | build.grants | refusal | !grantee");
  const compares = numberOf(
    "web/core/conversation/verify.ts | checkAuthor | refusal | entry.manifest.version !== manifestVersion",
  );
  expect([narrows, compares]).not.toContain(-1);
  expect([...(await missedByCompiler(guards, [narrows, compares]))]).toEqual([narrows]);
}, 120_000);
