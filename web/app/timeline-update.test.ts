import { describe, expect, it } from "vitest";
import { message } from "../ui/fake-models.test-kit.ts";
import { itemsFrom, runsOf, updatedTimeline } from "./timeline-update.ts";
import type { Timeline, TimelineItem } from "./timeline.ts";
import { C1 } from "./ids.test-kit.ts";

const say = (seq: number, text = `m${seq}`): TimelineItem => message(seq, seq, text);
const range = (from: number, to: number): TimelineItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => say(from + index));
const sent = (runs: ReturnType<typeof runsOf>): number =>
  runs.reduce((sum, run) => sum + ("items" in run ? run.items.length : 0), 0);

const cases: [name: string, next: TimelineItem[], sent: number][] = [
  ["one arrives", range(1, 101), 1],
  ["one changes", range(1, 100).with(40, say(41, "edited")), 1],
  ["one goes", range(1, 100).toSpliced(30, 1), 0],
  ["older come and newer go", range(-50, 60), 51],
  ["another run of the history", range(500, 560), 61],
  ["two change places", range(1, 100).with(10, say(12)).with(11, say(11)), 0],
  ["nothing", range(1, 100), 0],
];

describe("what is sent to the page", () => {
  it.each(cases)("is only what it does not have: %s", (_, next, count) => {
    const before = range(1, 100);
    const runs = structuredClone(runsOf(before, next));
    expect(sent(runs)).toBe(count);
    expect(itemsFrom(before, runs)).toEqual(next);
  });

  it("leaves items that did not change the same objects", () => {
    const before = range(1, 100);
    const after = itemsFrom(before, structuredClone(runsOf(before, range(1, 101))));
    expect(after[50]).toBe(before[50]);
  });

  it("changes nothing when it was made for an earlier opening", () => {
    const rest = { conversation: C1, older: "none", newer: "none", reveal: null } as const;
    const more = { ...rest, seeking: null, newFrom: null, caughtUp: true } as const;
    const shown: Timeline = { ...more, items: range(1, 5) };
    const late = { ...more, on: 100, runs: [{ from: 0, count: 100 }] };
    expect(updatedTimeline(shown, late)).toBe(shown);
    expect(updatedTimeline(null, late)).toBe(null);
    expect(updatedTimeline(null, { ...more, on: null, runs: [{ items: range(1, 2) }] })).toEqual({
      ...more,
      items: range(1, 2),
    });
  });
});
