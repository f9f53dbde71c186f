import type { Page } from "playwright-core";
import { expect } from "vitest";
import { openConversation, reads, textsOf } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const COUNT = 200;

/** Writes and waits until the app has it: from the empty composer on it must not be lost. */
async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill(text);
  await composer.press("Enter");
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "", undefined, {
    polling: 5,
  });
}

const numbered = (prefix: string) => Array.from({ length: COUNT }, (_, i) => `${prefix} ${i + 1}`);

test("200 messages arrive once and in order though the server is killed three times", async ({
  couple,
  server,
}) => {
  const { practitioner, patient } = couple;
  const texts = numbered("server");
  let running = Promise.resolve();
  for (const [i, text] of texts.entries()) {
    if (i === 40 || i === 90 || i === 150) {
      await running;
      await server.kill();
    }
    // What is written in between finds nobody who answers.
    if (i === 60 || i === 110 || i === 170) running = server.start();
    await say(patient.page, text);
  }
  await running;
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "server ")).toEqual(texts);
  expect(await textsOf(patient, "server ")).toEqual(texts);
});

test("200 messages arrive once and in order though the tab is killed three times", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  const texts = numbered("tab");
  let page = patient.page;
  for (const [i, text] of texts.entries()) {
    if (i === 30 || i === 100 || i === 170) {
      await page.close();
      page = await patient.context.newPage();
      await page.goto("/");
      await openConversation({ ...patient, page }, /Herrera/);
    }
    await say(page, text);
  }
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "tab ")).toEqual(texts);
});
