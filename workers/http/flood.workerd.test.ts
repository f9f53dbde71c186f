import { randomBytes } from "@noble/hashes/utils.js";
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { seedPerson, signInAs } from "../accounts/person.test-kit.ts";
import { cookieValue } from "../accounts/session-cookie.ts";
import worker from "../index.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { parseAccountId } from "../protocol/ids.ts";
import { type Asked, Browser } from "./browser.test-kit.ts";
import { POSSIBLE_PARAMS as params } from "./params.test-kit.ts";

const isName = (name: string): name is EndpointName => name in ENDPOINTS;
const NAMES = Object.keys(ENDPOINTS).filter(isName);

/** The main database, and how many statements it was asked to prepare. */
function counted() {
  const counter = { statements: 0 };
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") counter.statements += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { DB, counter };
}

/** Asks `times` times; how many statements that cost, and the answers. */
async function flood(
  browser: Browser,
  name: EndpointName,
  times: number,
  next: () => Asked = () => ({}),
) {
  const { DB, counter } = counted();
  browser.around = { DB };
  const outcomes: string[] = [];
  const body = ENDPOINTS[name].method === "GET" ? {} : { body: {} };
  for (let i = 0; i < times; i++) {
    outcomes.push(await browser.outcome(name, { params, ...body, ...next() }));
  }
  return { ...counter, outcomes: new Set(outcomes) };
}

const { browser: genuine } = await seedPerson("patient");
const value = genuine.cookie?.split("=")[1] ?? "";

/** Cookies that nobody was given: noise of every length, and a genuine one with one bit changed. */
const forgeries: readonly (() => string)[] = [
  ...[16, 32, 48, 80, 200].map((length) => () => toBase64url(randomBytes(length))),
  ...[0, 31, 32, 63, 64, 79].map((at) => () => {
    const bytes = fromBase64url(value);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return toBase64url(bytes);
  }),
];

let turn = 0;
const nextForgery = () => forgeries[turn++ % forgeries.length] ?? (() => "");

describe("nobody's requests reach D1", () => {
  test.each(NAMES.filter((name) => ENDPOINTS[name].access !== "anonymous"))(
    "%s costs no statement with a forged cookie, nor with none",
    async (name) => {
      const browser = new Browser();
      const asked = () => ({ headers: { cookie: `__Host-thyme=${nextForgery()()}` } });
      const forged = await flood(browser, name, 2 * forgeries.length, asked);
      expect(forged).toEqual({ statements: 0, outcomes: new Set(["unauthenticated"]) });
      const none = await flood(browser, name, 3);
      expect(none).toEqual({ statements: 0, outcomes: new Set(["unauthenticated"]) });
    },
  );
  test("the genuine cookie does reach it", async () => {
    const { statements, outcomes } = await flood(genuine, "session", 1);
    genuine.around = {};
    expect(statements).toBe(1);
    expect(outcomes).toEqual(new Set(["ok"]));
  });

  test("sockets are refused to forged cookies before D1", async () => {
    const { DB, counter } = counted();
    for (const forgery of forgeries) {
      const request = new Request("https://thyme.test/ws/inbox", {
        headers: {
          upgrade: "websocket",
          origin: "https://thyme.test",
          cookie: `__Host-thyme=${forgery()}`,
        },
      });
      const around = { ...env, DB } as Cloudflare.Env;
      // A test's request has no properties of Cloudflare's edge; nothing reads them.
      const asked = request as Parameters<typeof worker.fetch>[0];
      const response = await worker.fetch(asked, around, createExecutionContext());
      expect(await response.json()).toEqual({ error: "unauthenticated" });
    }
    expect(counter.statements).toBe(0);
  });
});

describe("what strangers may ask is limited by address before D1", () => {
  // Two minutes of the limiter may meet in one flood, so up to twice the rate gets through.
  const RATE = 60;
  test.each(NAMES.filter((name) => ENDPOINTS[name].limit === "attempt"))("%s", async (name) => {
    const browser = new Browser();
    await flood(browser, name, 2 * RATE);
    const { statements, outcomes } = await flood(browser, name, 20);
    expect(outcomes).toContain("rate_limited");
    if (outcomes.size === 1) expect(statements).toBe(0);
    browser.move();
    expect((await flood(browser, name, 1)).outcomes).not.toContain("rate_limited");
  });

  test("GET /api/setup costs D1 at most its rate, however often it is asked", async () => {
    const { statements } = await flood(new Browser(), "setup", 4 * RATE);
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(2 * RATE);
  });

  test("health asks D1 once in its time, however often it is asked", async () => {
    expect((await flood(new Browser(), "health", 20)).statements).toBe(1);
  });
});

describe("accounts are limited before D1", () => {
  /** A limiter that counts exactly, as the runtime's does within one minute. */
  const limiter = (limit: number) => {
    const calls = new Map<string, number>();
    return {
      limit: ({ key }: RateLimitOptions) => {
        calls.set(key, (calls.get(key) ?? 0) + 1);
        return Promise.resolve({ success: (calls.get(key) ?? 0) <= limit });
      },
    };
  };

  test("an account's sessions are one bucket, another account's are not in it", async () => {
    const person = await seedPerson("patient");
    const phone = await signInAs(person);
    const { DB, counter } = counted();
    const around = { DB, READ_LIMIT: limiter(3) };
    const outcomes: string[] = [];
    for (let i = 0; i < 3; i++) {
      for (const browser of [person.browser, phone]) {
        browser.around = around;
        outcomes.push(await browser.outcome("session"));
      }
    }
    expect(outcomes).toEqual(["ok", "ok", "ok", ...Array(3).fill("rate_limited")]);
    expect(counter.statements).toBe(3);
    const other = await seedPerson("patient");
    other.browser.around = around;
    expect(await other.browser.outcome("session")).toBe("ok");
    // Reading and writing are counted apart.
    expect(await phone.outcome("endSession")).toBe("ok");
  });

  test("a session that ended costs one statement a request until its account's limit", async () => {
    const person = await seedPerson("patient");
    const ended = await signInAs(person);
    const { cookie } = ended;
    await ended.get("endSession");
    ended.cookie = cookie;
    const { DB, counter } = counted();
    ended.around = { DB, READ_LIMIT: limiter(2) };
    const outcomes = [];
    for (let i = 0; i < 4; i++) outcomes.push(await ended.outcome("session"));
    expect(outcomes).toEqual([
      "unauthenticated",
      "unauthenticated",
      "rate_limited",
      "rate_limited",
    ]);
    expect(counter.statements).toBe(2);
  });

  test("a cookie of one account opens no session of another", async () => {
    const mixed = new Browser();
    const token = fromBase64url(value).subarray(0, 32);
    const account = parseAccountId(toBase64url(randomBytes(32)));
    mixed.cookie = `__Host-thyme=${cookieValue(env, { token, account })}`;
    expect(await mixed.outcome("session")).toBe("unauthenticated");
    expect(await genuine.outcome("session")).toBe("ok");
  });

  test("with another key every cookie is forged", async () => {
    const person = await seedPerson("patient");
    person.browser.around = { SESSION_KEY: "another-session-key-of-32-characters" };
    expect(await person.browser.outcome("session")).toBe("unauthenticated");
    person.browser.around = {};
    expect(await person.browser.outcome("session")).toBe("ok");
  });
});
