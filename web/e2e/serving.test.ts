import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { root } from "../../scripts/machine/node24.mjs";
import type { Server } from "./harness/server.ts";
import { test } from "./harness/stage.ts";

const get = (server: Server, path: string) => fetch(`${server.origin}${path}`);

test.for(["/", "/setup", "/conversation/anything"])(
  "%s is the page, under the policy",
  async (path, { server }) => {
    const answer = await get(server, path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain("unsafe");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/i);
  },
);

test("built files are cached for good", async ({ server }) => {
  const [file] = readdirSync(`${root}/dist/assets`);
  const answer = await get(server, `/assets/${file}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
});

test.for(["/assets/missing.js", "/api/missing", "/ws/missing"])(
  "%s is 404",
  async (path, { server }) => {
    expect((await get(server, path)).status).toBe(404);
  },
);

test("the build's manifest is not published", async ({ server }) => {
  expect(await (await get(server, "/.vite/manifest.json")).text()).toContain("<html");
});

test("a killed server answers nothing and comes back with its storage", async ({ server }) => {
  const before = server.storageFiles();
  expect(before.some((file) => file.includes("d1"))).toBe(true);
  await server.kill();
  await expect(get(server, "/api/health")).rejects.toThrow();
  await server.start();
  expect((await get(server, "/api/health")).status).toBe(200);
  expect(await (await get(server, "/api/setup")).json()).toEqual({ needed: true, first: true });
});

test("the scheduled run succeeds on empty storage", ({ server }) => server.runCron());

test("the service worker is asked for anew each time and holds the whole build", async ({
  server,
}) => {
  const answer = await get(server, "/sw.js");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("javascript");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  expect(answer.headers.get("content-security-policy")).toContain("connect-src 'self'");
  const script = await answer.text();
  for (const file of readdirSync(`${root}/dist/assets`)) expect(script).toContain(file);
  expect((await get(server, "/sw-send.js")).headers.get("cache-control")).toBe("no-cache");
});

test("the app can be installed: its manifest and every icon in it are there", async ({
  server,
}) => {
  const answer = await get(server, "/manifest.webmanifest");
  expect(answer.headers.get("content-type")).toContain("application/manifest+json");
  const { icons }: { icons: { src: string; type: string }[] } = await answer.json();
  expect(icons.length).toBeGreaterThan(3);
  for (const { src, type } of icons) {
    const icon = await get(server, src);
    expect([icon.status, icon.headers.get("content-type")], src).toEqual([200, type]);
  }
});
