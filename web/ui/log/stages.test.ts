import { expect, it } from "vitest";
import type { Block } from "../message/blocks.ts";
import { nextStage } from "./stages.ts";

const list = (ids: string): Block[] =>
  [...ids].map((key) => ({ kind: "day", key, at: 0 }) satisfies Block);

/** "stages: what is rendered, with < where the place is kept from the end" */
function stages(shown: string, target: string): string[] {
  const steps: string[] = [];
  let now: readonly Block[] = list(shown);
  for (let turn = 0; turn < 5; turn += 1) {
    const stage = nextStage(now, list(target));
    now = stage.blocks;
    const ids = now.map(({ key }) => key).join("");
    steps.push(`${stage.isElsewhere ? "!" : ""}${stage.shift ? "<" : ""}${ids}`);
    if (stage.isLast) return steps;
  }
  return [...steps, "never ends"];
}

it.each([
  ["defg", "defgh", ["defgh"]],
  ["defg", "abcdefg", ["<abcdefg"]],
  ["defg", "efg", ["<efg"]],
  ["defg", "abcde", ["<abcdefg", "abcde"]],
  ["abcde", "cdefg", ["<cde", "cdefg"]],
  ["abcd", "axbcd", ["axbcd"]],
  ["abcd", "wxyz", ["!wxyz"]],
  ["", "abc", ["!abc"]],
])("%s becomes %s, first at its start, then at its end", (shown, target, expected) => {
  expect(stages(shown, target)).toEqual(expected);
});
