import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { seedPerson, signInAs } from "../accounts/person.test-kit.ts";
import worker from "../index.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { LIMITS } from "../protocol/limits.ts";
import { mergeRoutes } from "./app.ts";
import { Browser } from "./browser.test-kit.ts";
import { PARAMS } from "./params.ts";
import { POSSIBLE_PARAMS as params } from "./params.test-kit.ts";

const SITE = "https://thyme.test";
const fetchFrom = (path: string, init?: RequestInit) =>
  exports.default.fetch(new Request(new URL(path, SITE), init));
const withEnv = (change: Partial<Record<keyof Cloudflare.Env, unknown>>, request: Request) =>
  // A test's request has no properties of Cloudflare's edge; nothing reads them.
  worker.fetch(
    request as Parameters<typeof worker.fetch>[0],
    { ...env, ...change } as Cloudflare.Env,
    createExecutionContext(),
  );
const { browser: signedIn } = await seedPerson("patient");
const challenge = { body: { purpose: "device" } };

describe("what is served", () => {
  test("health and protocol version", async () => {
    expect(await new Browser().get("health")).toMatchObject({ ok: true, protocol: 1 });
  });

  test.each([
    "/api/nothing",
    "/api",
    "/api/health/x",
    "/ws/nothing",
    "/assets/x.js",
    "/api/../assets/y",
  ])("%s is a typed 404, not the page", async (path) => {
    const response = await fetchFrom(path);
    expect([response.status, await response.json()]).toEqual([404, { error: "not_found" }]);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])(
    "%s of a page is a 404",
    async (method) => {
      expect((await fetchFrom("/", { method })).status).toBe(404);
      expect((await fetchFrom("/api/health", { method })).status).toBe(404);
    },
  );

  test("every path of the application is the page, with the headers of the assets", async () => {
    const asked: string[] = [];
    const ASSETS = {
      fetch: (request: Request) => {
        asked.push(new URL(request.url).pathname);
        return Promise.resolve(new Response("<page>", { headers: { "x-asset": "yes" } }));
      },
    };
    for (const path of ["/", "/setup", "/c/abc", "/settings?x=1", "/apiary", "/.env"]) {
      const response = await withEnv({ ASSETS }, new Request(new URL(path, SITE)));
      expect([await response.text(), response.headers.get("x-asset")]).toEqual(["<page>", "yes"]);
    }
    expect(new Set(asked)).toEqual(new Set(["/"]));
  });

  test("every endpoint has a handler, and every name in a path has a form", () => {
    expect(() => mergeRoutes({})).toThrow(/health/);
    const named = Object.values(ENDPOINTS).flatMap(({ path }) => path.match(/(?<=:)\w+/g) ?? []);
    expect(new Set(named)).toEqual(new Set(Object.keys(PARAMS)));
  });

  test("every answer of the API names the server's time, by which a device sets its clock", async () => {
    for (const path of ["/api/health", "/api/account"]) {
      const at = Date.parse((await fetchFrom(path)).headers.get("date") ?? "");
      expect(Math.abs(Date.now() - at), path).toBeLessThan(10_000);
    }
  });

  test("security headers are on every answer of the API, refusals included", async () => {
    for (const path of ["/api/health", "/api/nothing", "/api/account", "/api/openapi.json"]) {
      const { headers } = await fetchFrom(path);
      expect(headers.get("cache-control"), path).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("strict-transport-security")).toContain("max-age=");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });
});

describe("Origin", () => {
  const isChange = ([, { method }]: [string, { method: string }]) => method !== "GET";
  const changing = Object.entries(ENDPOINTS)
    .filter(isChange)
    .map(([name]) => name as EndpointName);

  test.each(changing)("%s is refused from elsewhere and from nowhere", async (name) => {
    const { cookie } = signedIn;
    for (const origin of [
      "https://evil.test",
      "null",
      "",
      "http://thyme.test",
      `${SITE}.evil.test`,
    ]) {
      const asked = { headers: { origin }, body: {}, params };
      expect(await signedIn.outcome(name, asked)).toBe("origin_refused");
    }
    const request = signedIn.request(name, { body: {}, params });
    const headers = new Headers(request.headers);
    headers.delete("origin");
    const response = await exports.default.fetch(new Request(request, { headers }));
    expect(await response.json()).toEqual({ error: "origin_refused" });
    expect(signedIn.cookie).toBe(cookie);
  });

  test("sockets need our Origin and a session bound to a device", async () => {
    const person = await seedPerson("patient");
    const unbound = await signInAs(person, false);
    const conversation = toBase64url(new Uint8Array(32));
    const attempt = async (path: string, headers: Record<string, string>) => {
      const response = await fetchFrom(path, { headers });
      const body: unknown = response.status === 101 ? null : await response.json();
      response.webSocket?.accept();
      response.webSocket?.close();
      return body ?? "open";
    };
    const upgrade = { upgrade: "websocket", origin: SITE, cookie: person.browser.cookie ?? "" };
    for (const path of ["/ws/inbox", `/ws/conversation/${conversation}`]) {
      const { origin: _, ...nowhere } = upgrade;
      expect(await attempt(path, nowhere)).toEqual({ error: "origin_refused" });
      const elsewhere = { ...upgrade, origin: "https://evil.test" };
      expect(await attempt(path, elsewhere)).toEqual({ error: "origin_refused" });
      expect(await attempt(path, { ...upgrade, cookie: "" })).toEqual({ error: "unauthenticated" });
      const early = { ...upgrade, cookie: unbound.cookie ?? "" };
      expect(await attempt(path, early)).toEqual({ error: "device_required" });
      expect(await attempt(path, { origin: SITE, cookie: upgrade.cookie })).toEqual({
        error: "not_found",
      });
    }
    for (const path of ["/ws/conversation/x", `/ws/conversation/${conversation}`]) {
      expect(await attempt(path, upgrade)).toEqual({ error: "not_found" });
    }
    expect(await attempt("/ws/inbox", upgrade)).toBe("open");
  });

  test("a configured origin holds instead of the request's", async () => {
    const at = (origin: string) => {
      const request = new Browser().request("challenge", { ...challenge, headers: { origin } });
      return withEnv({ ORIGIN: "https://app.test", RP_ID: "app.test" }, request);
    };
    expect((await at(SITE)).status).toBe(400);
    expect(await (await at("https://app.test")).json()).toMatchObject({ rpId: "app.test" });
  });
});

describe("bodies", () => {
  const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
    fetchFrom("/api/challenges", { method: "POST", body, headers: { origin: SITE, ...headers } });
  const codeOf = async (response: Response) => (await response.json<{ error: string }>()).error;

  test.each([
    ["nothing", null],
    ["no JSON", "{"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["a list", "[]"],
    ["null", "null"],
    ["an unknown purpose", '{"purpose":"else"}'],
    ["a member too many", '{"purpose":"device","also":1}'],
  ])("%s is refused", async (_, body) => {
    const response = await post(body);
    expect([response.status, await codeOf(response)]).toEqual([400, "bad_request"]);
  });

  test("a body over the cap is refused, whether it says its length or not", async () => {
    const big = new Uint8Array(LIMITS.body + 1).fill(32);
    const declared = await post(big);
    expect([declared.status, await codeOf(declared)]).toEqual([413, "too_large"]);
    let sent = 0;
    const chunk = new Uint8Array(64 * 1024).fill(32);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const streamed = await post(endless);
    expect(await codeOf(streamed)).toBe("too_large");
    expect(sent).toBeLessThan(4 * LIMITS.body);
  });
});
