import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("whoever writes is alone, whoever reads sees every write asked for before, and nobody waits for ever", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ writes: fc.boolean(), fails: fc.boolean(), steps: fc.nat(4) })),
      async (jobs) => {
        const turns = createTurns();
        let readers = 0;
        let writers = 0;
        let written = 0;
        let isShared = false;
        const ended = jobs.map(({ writes, fails, steps }, index) => {
          const before = jobs.slice(0, index).filter((job) => job.writes).length;
          const work = async (): Promise<void> => {
            if (writes) writers += 1;
            else readers += 1;
            expect(written).toBe(before);
            for (let step = 0; step <= steps; step += 1) {
              expect(writers === 0 || (writers === 1 && readers === 0)).toBe(true);
              isShared ||= readers > 1;
              await Promise.resolve();
            }
            if (writes) {
              writers -= 1;
              written += 1;
            } else readers -= 1;
            if (fails) throw new RangeError("refused");
          };
          return writes ? turns.write(work) : turns.read(work);
        });
        const outcomes = await Promise.allSettled(ended);
        for (const [index, outcome] of outcomes.entries()) {
          const wanted = jobs[index]?.fails ? "rejected" : "fulfilled";
          expect(outcome.status).toBe(wanted);
          if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(RangeError);
        }
        const areNeighbours = jobs.some((job, at) => !job.writes && jobs[at + 1]?.writes === false);
        if (areNeighbours) expect(isShared).toBe(true);
      },
    ),
  ));
