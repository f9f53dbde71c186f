import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StorageFormat, planOpening } from "./storage-version.ts";

const format = (era: number, version: number): StorageFormat => ({
  era,
  steps: Array.from({ length: version }, () => ""),
});
const small = fc.integer({ min: 1, max: 9 });

describe('decision "both ways"', () => {
  test("a version above the build's is served, one below is raised, an empty storage waits", () => {
    fc.assert(
      fc.property(small, small, small, (era, version, mine) => {
        const opening = planOpening({ kind: "written", era, version }, format(era, mine));
        if (version < mine) expect(opening).toEqual({ kind: "raise", from: version });
        else expect(opening).toEqual({ kind: "serve" });
        expect(planOpening({ kind: "nothing" }, format(era, mine))).toEqual({ kind: "wait" });
      }),
    );
  });

  test("another era is refused, whatever the versions are", () => {
    fc.assert(
      fc.property(small, fc.nat(9), small, small, (mine, found, version, steps) => {
        fc.pre(mine !== found);
        const stored = { kind: "written", era: found, version } as const;
        expect(planOpening(stored, format(mine, steps))).toEqual({ kind: "refuse", era: found });
      }),
    );
  });
});
