import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type Site, siteOf } from "./harness/deployment.ts";
import {
  acceptInvitation,
  becomeAdministrator,
  invitePatient,
  invitePractitioner,
  openConversation,
} from "./harness/journey.ts";
import { person } from "./harness/person.ts";
import { type Server, startServer } from "./harness/server.ts";

let server: Server;
let site: Site;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  site = await siteOf(server);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  site.close();
  await server.remove();
});

const entry = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLScriptElement>("script[src]")?.src ?? "");

const look = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });

test("a new build waits for the person, and what stands in the composer outlives it", async () => {
  const office = await person(browser, site.origin);
  await becomeAdministrator(office, server.setupToken);
  const link = await invitePractitioner(office, "Dr. Herrera");
  const practitioner = await person(browser, site.origin);
  const { page } = practitioner;
  await acceptInvitation(practitioner, link, "Dr. Herrera");
  await invitePatient(practitioner, "Ana M.");
  await openConversation(practitioner, "Ana M.");
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill("half a sentence");
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const before = await entry(page);

  site.deploy();
  await look(page);
  const banner = page.getByRole("region", { name: "New version" });
  await banner.waitFor({ timeout: 20_000 });
  await page.waitForTimeout(1_000);
  expect(await entry(page)).toBe(before);
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  // Screens that were not opened yet still come, though the server has forgotten their files.
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Devices" }).waitFor();
  await page.goBack();
  await composer.fill("half a sentence, and more");

  await banner.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => entry(page).catch(() => before), { timeout: 20_000 }).not.toBe(before);
  await expect.poll(() => composer.inputValue()).toBe("half a sentence, and more");
  await banner.waitFor({ state: "detached" });
  await expect
    .poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 10_000 })
    .toBe(1);

  // The new build is the one that opens without a network.
  await practitioner.context.setOffline(true);
  await page.reload();
  await composer.waitFor();
  expect(await entry(page)).toContain("-next");
  await expect.poll(() => composer.inputValue()).toBe("half a sentence, and more");
});
