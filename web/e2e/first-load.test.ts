import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../.ci/node24.mjs";
import { launchBrowser } from "./harness/browser.ts";
import { person } from "./harness/person.ts";
import { type Server, startServer } from "./harness/server.ts";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.remove();
});

const compressed = (url: string): number =>
  gzipSync(readFileSync(join(root, "dist", new URL(url).pathname)), { level: 9 }).length;

// `npm run size` judges by the build's manifest; this one counts what a browser really asked for.
test("at most 60 kB of JavaScript is loaded before the sign-in screen is usable", async () => {
  const visitor = await person(browser, server.origin);
  await visitor.page.goto("/");
  await visitor.page.getByRole("button", { name: "Sign in with passkey" }).waitFor();
  const scripts = [...new Set(visitor.urls)].filter((url) => url.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(1);
  expect(scripts.map(compressed).reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  expect(visitor.problems).toEqual([]);
  expect(await visitor.accessibilityViolations()).toEqual([]);
  await visitor.leave();
});
