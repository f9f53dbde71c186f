import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Outage, Outages, backoffMs, withFailure } from "./outages.ts";

const lines: { event: string; [key: string]: unknown }[] = [];
const spies = (["error", "info"] as const).map((level) =>
  vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line))),
);
afterEach(() => {
  lines.length = 0;
  for (const spy of spies) spy.mockClear();
});

describe("outages of neighbours", () => {
  test("the wait grows with every failure, has an end, and is not the same for all", () => {
    const random = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), random, (failures, some) => {
        const wait = backoffMs(failures, some);
        expect(wait).toBeGreaterThanOrEqual(1_000);
        expect(wait).toBeLessThanOrEqual(60_000);
        expect(backoffMs(failures + 1, some)).toBeGreaterThanOrEqual(wait);
      }),
    );
    expect(backoffMs(4, 0)).toBeLessThan(backoffMs(4, 1));
  });

  test("each neighbour has its own; one that is back asks for no wait, and the others wait on", () => {
    const one = withFailure([], "archive", 1_000, 1);
    const two = withFailure(withFailure(one, "inboxes", 2_000, 1), "archive", 3_000, 1);
    const outages = new Outages("Conversation", two);
    expect(outages.retryAt("archive")).toBe(3_000 + 4_000);
    expect(outages.retryAt("inboxes")).toBe(2_000 + 2_000);
    expect(outages.retryAt("shares")).toBe(0);
    expect(outages.since).toBe(1_000);
    outages.reached("archive", 5_000);
    expect(outages.retryAt("archive")).toBe(0);
    expect(outages.since).toBe(2_000);
    outages.only([], 6_000);
    expect(outages.since).toBeNull();
  });

  test("one line in the log when it begins and one when it ends, without what the error says", () => {
    const outages = new Outages("Conversation", []);
    const secret = new Error("D1_ERROR: SQLITE_FULL in row of patient@example.org");
    for (const now of [10, 20, 30]) outages.failed("archive", "flush", secret, now, 0.5);
    outages.reached("inboxes", 35);
    outages.reached("archive", 40);
    outages.reached("archive", 50);
    expect(lines.map(({ event }) => event)).toEqual(["outage-began", "outage-ended"]);
    expect(lines[0]).toMatchObject({ task: "flush", name: "Error", cause: "SQLITE_FULL" });
    expect(lines[1]).toMatchObject({ neighbour: "archive", afterMs: 30, attempts: 3 });
    expect(JSON.stringify(lines)).not.toContain("example.org");
  });

  test("what was kept of it over an eviction is not told again, and may be asked at once when hurried", () => {
    const stored: Outage[] = [{ neighbour: "archive", since: 1, failures: 3, retryAt: 900 }];
    const outages = new Outages("Conversation", stored);
    outages.hurry();
    expect(outages.retryAt("archive")).toBe(1);
    outages.failed("archive", "flush", new Error("again"), 1_000, 0);
    expect(lines).toEqual([]);
    expect(outages.all).toMatchObject([{ since: 1, failures: 4 }]);
  });
});
