import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { meet } from "./harness/couple.ts";
import { openConversation, reads, textsOf, write } from "./harness/journey.ts";
import { type Server, startServer } from "./harness/server.ts";

const COUNT = 30;

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

/** Until the service worker has everything; it comes a few seconds after the page is usable. */
const keptForOffline = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

test("messages written without a network outlive the tab and go out once, in order", {
  timeout: 180_000,
}, async () => {
  const { patient, practitioner } = await meet(browser, server);
  await keptForOffline(patient.page);
  patient.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await patient.context.setOffline(true);
  const status = patient.page.getByRole("status");
  await status
    .getByText("Offline")
    .or(status.filter({ hasText: "Offline" }))
    .first()
    .waitFor();

  const texts = Array.from({ length: COUNT }, (_, i) => `offline ${i + 1}`);
  for (const text of texts) await write(patient, text);
  await reads(patient, texts.at(-1) ?? "");
  await patient.page.getByText(`${COUNT} messages not sent yet`).first().waitFor();
  await patient.page.getByRole("textbox", { name: "Message" }).pressSequentially("half a sen");
  // The last moments of typing go when the page is put away; a tab that is killed may lose them.
  await patient.page.waitForTimeout(2_000);
  await patient.page.close();

  const again = { ...patient, page: await patient.context.newPage() };
  await again.page.goto("/");
  await openConversation(again, /Herrera/);
  await reads(again, "Shall we begin?");
  await reads(again, texts.at(-1) ?? "");
  expect(await textsOf(again, "offline ")).toEqual(texts);
  await again.page.getByText("Waiting to be sent").first().waitFor({ state: "attached" });
  const composer = again.page.getByRole("textbox", { name: "Message" });
  expect(await composer.inputValue()).toBe("half a sen");
  await again.page.reload();
  await expect.poll(() => composer.inputValue()).toBe("half a sen");
  await write(again, "offline last");
  await reads(again, "offline last");

  await patient.context.setOffline(false);
  await reads(practitioner, "offline last");
  expect(await textsOf(practitioner, "offline ")).toEqual([...texts, "offline last"]);
  await expect.poll(() => again.page.getByText("Waiting to be sent").count()).toBe(0);
});
