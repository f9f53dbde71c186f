import { describe, expect, test } from "vitest";
import type { AfterRestoreResult } from "../../workers/protocol/http/operator.ts";
import { passHash } from "./pass.mjs";
import { reportOf, runToEnd } from "./restore-report.mjs";

const A = "A".repeat(43);
const B = "B".repeat(43);
const quiet: AfterRestoreResult = {
  sessions: 0,
  accounts: 0,
  conversations: 0,
  rewritten: 0,
  lost: [],
  behind: [],
  failed: [],
  next: null,
  done: false,
};
const ok = (change: Partial<AfterRestoreResult>) => Response.json({ ...quiet, ...change });
const refused = (status: number, body: object) => Response.json(body, { status });

/** Answers in turn; what was asked for, and what was said. */
function server(...answers: (Response | Error)[]) {
  const asked: unknown[] = [];
  const waits: number[] = [];
  const step = (after: unknown) => {
    asked.push(after);
    const answer = answers.shift() ?? new Error("asked too often");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  const run = () => runToEnd(step, () => {}, wait);
  return { asked, waits, run };
}

describe("the run after a restore", () => {
  test("goes from place to place and adds up; what two members told is said once", async () => {
    const next = { account: A, conversation: B };
    const gap = { conversation: B, from: 3, to: 9 };
    const { asked, run } = server(
      ok({ sessions: 500 }),
      ok({ sessions: 2, next, lost: [gap], behind: [{ account: A, has: 1, needs: 2 }] }),
      ok({ accounts: 2, rewritten: 7, lost: [gap], failed: [B, B], done: true }),
    );
    const report = await run();
    expect(asked).toEqual([null, null, next]);
    expect(report).toEqual({
      sessions: 502,
      accounts: 2,
      conversations: 0,
      rewritten: 7,
      lost: [gap],
      behind: [{ account: A, has: 1, needs: 2 }],
      failed: [B],
    });
  });

  test("waits as long as it is told, and longer for what does not answer", async () => {
    const { waits, run } = server(
      refused(429, { error: "rate_limited", retryAfterMs: 60_000 }),
      new Error("connection lost"),
      refused(503, { error: "unavailable" }),
      ok({ done: true }),
    );
    await run();
    expect(waits).toEqual([60_000, 3_000, 3_000]);
  });

  test("a refused pass ends it, and so does a server that never answers", async () => {
    await expect(server(refused(404, { error: "not_found" })).run()).rejects.toThrow(
      "404 not_found",
    );
    const down = server(...Array.from({ length: 40 }, () => new Error("down")));
    await expect(down.run()).rejects.toThrow("no answer");
    expect(down.asked.length).toBeLessThan(40);
  });

  test("what is lost, behind and not reached is named; nothing lost is said as well", () => {
    const total = { ...quiet, sessions: 3, accounts: 2, rewritten: 4 };
    expect(reportOf(total).join("\n")).toContain("Lost messages: none.");
    const text = reportOf({
      ...total,
      lost: [{ conversation: B, from: 3, to: 9 }],
      behind: [{ account: A, has: 0, needs: 2 }],
      failed: [B],
    }).join("\n");
    expect(text).toContain("LOST: 7 messages");
    expect(text).toContain(`${B}: 3 to 9`);
    expect(text).toContain(`${A}: not in D1, needs at least 2`);
    expect(text).toContain("Run the command again");
    expect(text).not.toContain("none.");
  });
});

test("a command makes of a pass what the Worker makes of it", () => {
  // The same vector stands in workers/operator/after-restore.workerd.test.ts.
  expect(passHash("a pass")).toBe("__3xBb7GXyuMgMKVRK6PfoW90eBzwBWdusEUi8XmUPc");
});
