import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Step, inLanes } from "./lanes.mjs";

const passed = { passed: 1, failed: 0, skipped: 0, failures: [] };

/** Steps that end when the scheduler says so, and what began and ended in which order. */
function recorded(
  s: fc.Scheduler,
  plan: readonly { readonly name: string; readonly needs: readonly string[] }[],
) {
  const events: string[] = [];
  let most = 0;
  let now = 0;
  const steps: Step[] = plan.map(({ name, needs }) => ({
    name,
    needs,
    async work() {
      events.push(`+${name}`);
      most = Math.max(most, (now += 1));
      await s.schedule(Promise.resolve(), name);
      now -= 1;
      events.push(`-${name}`);
      return passed;
    },
  }));
  return { steps, events, most: () => most };
}

/** Each step needs some of those before it. */
const plans = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map((needs, i) => ({
      name: `step ${i}`,
      needs: i === 0 ? [] : needs.map((n) => `step ${n % i}`),
    })),
  );

describe("steps in lanes", () => {
  test("each runs once, after what it needs, and never more at once than there are lanes", () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        plans,
        fc.integer({ min: 1, max: 3 }),
        async (s, plan, lanes) => {
          const { steps, events, most } = recorded(s, plan);
          const results = await s.waitFor(inLanes(steps, lanes));
          expect(results.map(({ name }) => name)).toEqual(plan.map(({ name }) => name));
          expect(most()).toBeLessThanOrEqual(lanes);
          expect(events).toHaveLength(2 * plan.length);
          for (const { name, needs } of plan)
            for (const need of needs)
              expect(events.indexOf(`-${need}`)).toBeLessThan(events.indexOf(`+${name}`));
        },
      ),
    ));

  test("two that need nothing run beside each other in two lanes, and one after the other in one", async () => {
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = {
      name: "first",
      work: async () => {
        begun.push("first");
        await gate.promise;
        return passed;
      },
    };
    const second = {
      name: "second",
      work: async () => {
        begun.push("second");
        gate.resolve();
        return passed;
      },
    };
    await inLanes([first, second], 2);
    expect(begun).toEqual(["first", "second"]);
    const alone = inLanes([{ ...first, work: async () => passed }, second], 1);
    expect(begun).toEqual(["first", "second"]);
    await alone;
    expect(begun).toEqual(["first", "second", "second"]);
  });

  test("a step that throws has failed, and what needs it runs all the same", async () => {
    const results = await inLanes(
      [
        { name: "broken", work: () => Promise.reject(new Error("no compiler")) },
        { name: "after", needs: ["broken"], work: async () => passed },
      ],
      2,
    );
    expect(results).toMatchObject([
      { name: "broken", failed: 1, failures: ["no compiler"] },
      { name: "after", passed: 1, failed: 0 },
    ]);
  });

  test("a need that nobody asked for holds nothing up; a circle is told", async () => {
    const work = async () => passed;
    expect(await inLanes([{ name: "one", needs: ["absent"], work }], 2)).toMatchObject([passed]);
    const circle = [
      { name: "one", needs: ["two"], work },
      { name: "two", needs: ["one"], work },
    ];
    await expect(inLanes(circle, 2)).rejects.toThrow("one, two");
  });
});
