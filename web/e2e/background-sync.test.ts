import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import { openConversation, reads, textsOf, worksOffline, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const COUNT = 5;

/** The browser's own call that the network is back, which comes minutes later by itself. */
async function callServiceWorker(context: BrowserContext, origin: string): Promise<void> {
  const page = await context.newPage();
  await page.goto("/icon.svg");
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const first = registrations[0];
      if (first) resolve(first.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.dispatchSyncEvent", {
    origin,
    registrationId: await registered,
    tag: "outbox",
    lastChance: false,
  });
}

test("A4 what waits goes out by Background Sync with no page open, once and in order", async ({
  couple,
  server,
}) => {
  const { patient, practitioner } = couple;
  const { page } = patient;
  await patient.context.grantPermissions(["background-sync"]);
  await worksOffline(patient);
  patient.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await patient.context.setOffline(true);
  const texts = Array.from({ length: COUNT }, (_, i) => `left behind ${i + 1}`);
  for (const text of texts) await write(patient, text);
  await page
    .getByText("Waiting to be sent")
    .nth(COUNT - 1)
    .waitFor({ state: "attached" });
  const tags = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return "sync" in registration
        ? (registration.sync as { getTags(): Promise<string[]> }).getTags()
        : [];
    });
  await expect.poll(tags).toEqual(["outbox"]);
  await page.close();

  await patient.context.setOffline(false);
  await callServiceWorker(patient.context, server.origin);
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "left behind ")).toEqual(texts);

  const again = { ...patient, page: await patient.context.newPage() };
  await again.page.goto("/");
  await openConversation(again, /Herrera/);
  await reads(again, texts.at(-1) ?? "");
  await expect.poll(() => again.page.getByText("Waiting to be sent").count()).toBe(0);
  expect(await textsOf(again, "left behind ")).toEqual(texts);
});
