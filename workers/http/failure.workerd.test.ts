import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../index.ts";
import type { EndpointName } from "../protocol/http/endpoints.ts";
import { Browser } from "./browser.test-kit.ts";

const withEnv = (change: Partial<Record<keyof Cloudflare.Env, unknown>>, request: Request) =>
  // A test's request has no properties of Cloudflare's edge; nothing reads them.
  worker.fetch(
    request as Parameters<typeof worker.fetch>[0],
    { ...env, ...change } as Cloudflare.Env,
    createExecutionContext(),
  );
const challenge = { body: { purpose: "device" } };

describe("failures", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const failing = (message: string) => ({
    prepare: () => {
      throw new Error(message);
    },
  });
  const run = async (
    change: Partial<Record<keyof Cloudflare.Env, unknown>>,
    name: EndpointName,
  ) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await withEnv(change, new Browser().request(name, challenge));
    const logged = log.mock.calls.flat().join("\n");
    return { response, body: await response.json(), logged };
  };

  test("a database out of reach is 503 and retried", async () => {
    const { response, body } = await run(
      { DB: failing("D1_ERROR: Network connection lost.") },
      "challenge",
    );
    expect([response.status, body]).toEqual([503, { error: "unavailable" }]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("an outage of a database is one line, its end another, and neither quotes anything", async () => {
    await run({}, "challenge");
    const secret = "a patient's secret";
    const DB = failing(`D1_ERROR: Network connection lost. ${secret}`);
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    log.mockClear();
    const lines = () =>
      log.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)) as object);
    const browser = new Browser();
    for (let i = 0; i < 10; i++) {
      browser.around = { DB };
      expect(await browser.outcome("challenge", challenge)).toBe("unavailable");
      browser.around = {};
      expect(await browser.outcome("health")).toBe("ok");
    }
    const begins = { level: "error", outage: "begins", neighbour: "D1" };
    expect(lines()).toEqual([{ ...begins, where: "POST /api/challenges" }]);
    expect(await browser.outcome("challenge", challenge)).toBe("ok");
    expect(await browser.outcome("challenge", challenge)).toBe("ok");
    expect(lines()).toHaveLength(2);
    expect(lines()[1]).toMatchObject({
      level: "info",
      outage: "ended",
      neighbour: "D1",
      failures: 10,
    });
    expect(log.mock.calls.flat().join()).not.toContain(secret);
  });

  test("a defect is 500, logged without what was sent, answered without why", async () => {
    const secret = "a patient's secret";
    const { response, body, logged } = await run({ DB: failing(secret) }, "challenge");
    expect([response.status, body]).toEqual([500, { error: "internal" }]);
    expect(logged).toContain("POST /api/challenges");
    expect(logged).not.toContain(secret);
  });

  test("a mixed configuration serves nothing and says what to correct", async () => {
    const { response, logged } = await run({ JURISDICTION: "eu" }, "challenge");
    expect(response.status).toBe(500);
    expect(logged).toContain("D1_JURISDICTION");
  });
});

describe("rate limits", () => {
  test("an address that asks too often is told when to come back; others are not", async () => {
    const browser = new Browser();
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => browser.call("challenge", challenge)),
    );
    const refused = answers.filter(({ outcome }) => outcome === "rate_limited");
    expect(answers.filter(({ outcome }) => outcome === "ok").length).toBeGreaterThanOrEqual(20);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.status).toBe(429);
    expect(refused[0]?.refusal?.retryAfterMs).toBe(60_000);
    expect(refused[0]?.headers.get("retry-after")).toBe("60");
    expect(await new Browser().outcome("challenge", challenge)).toBe("ok");
    expect(await browser.outcome("health")).toBe("ok");
  });
});
