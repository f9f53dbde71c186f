import type { Page } from "playwright-core";
import { expect } from "vitest";
import { siteOf } from "./harness/deployment.ts";
import { startPractice } from "./harness/couple.ts";
import { invitePatient, openConversation, worksOffline } from "./harness/journey.ts";
import { test as staged } from "./harness/stage.ts";

const test = staged.extend("site", { scope: "file" }, async ({ server }, { onCleanup }) => {
  const site = await siteOf(server);
  onCleanup(() => site.close());
  return site;
});

const entry = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLScriptElement>("script[src]")?.src ?? "");

const look = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });

test("a new build waits for the person, and what stands in the composer outlives it", async ({
  browser,
  server,
  site,
}) => {
  const { origin } = site;
  const { setupToken } = server;
  const { practitioner } = await startPractice(browser, { origin, setupToken }, "Dr. Herrera");
  const { page } = practitioner;
  await invitePatient(practitioner, "Ana M.");
  await openConversation(practitioner, "Ana M.");
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill("half a sentence");
  await worksOffline(practitioner);
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
