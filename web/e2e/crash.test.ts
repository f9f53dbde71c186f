import type { Page } from "playwright-core";
import { expect } from "vitest";
import { openConversation, reads, textsOf } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const COUNT = 200;

/** How many bytes of sealed draft this device's only conversation has. */
const keptDraft = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const [known] = await indexedDB.databases();
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(known?.name ?? "");
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("not opened")));
    });
    const drafts = db
      .transaction("state")
      .objectStore("state")
      .getAll(IDBKeyRange.bound("draft/", "draft0"));
    await new Promise((resolve) => drafts.addEventListener("success", resolve));
    db.close();
    return drafts.result.reduce((sum: number, { length }: Uint8Array) => sum + length, 0);
  });

/** Presses Enter, and the system ends the tab's process `wait` milliseconds later: no event, no last word. */
async function pressAndCrash(page: Page, wait: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  const expression = `
    const press = { key: "Enter", bubbles: true, cancelable: true };
    document.querySelector("textarea").dispatchEvent(new KeyboardEvent("keydown", press));`;
  // Nobody waits for the answers: the process that would give them may be gone.
  session.send("Runtime.evaluate", { expression }).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, wait));
  session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}

/** Writes and waits until the app has it: from its place in the history on it must not be lost. */
async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message" });
  await composer.fill(text);
  await composer.press("Enter");
  await page.waitForFunction(
    (sent) =>
      [...document.querySelectorAll("article")].at(-1)?.querySelector("p")?.textContent === sent,
    text,
    { polling: 5 },
  );
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

test("a tab that dies while a message leaves the composer keeps it in the log or in the composer, never in neither or both", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  // Long enough that its sealed length tells it from an empty one.
  const texts = Array.from({ length: 8 }, (_, i) => `leaving ${i + 1}${" and on".repeat(40)}`);
  const again = async (): Promise<Page> => {
    const page = await patient.context.newPage();
    await page.goto("/");
    await openConversation({ ...patient, page }, /Herrera/);
    return page;
  };
  let page = await again();
  for (const [i, text] of texts.entries()) {
    const composer = page.getByRole("textbox", { name: "Message" });
    await composer.fill(text);
    await expect.poll(() => keptDraft(page), { timeout: 10_000 }).toBeGreaterThan(text.length);
    await pressAndCrash(page, i);
    page = await again();
    const box = page.getByRole("textbox", { name: "Message" });
    const inLog = async (): Promise<boolean> =>
      (await textsOf({ ...patient, page }, "leaving ")).includes(text);
    await expect
      .poll(async () => ((await inLog()) ? "log" : await box.inputValue()), { timeout: 20_000 })
      .toMatch(/^(log|leaving \d+)/);
    if (await inLog()) {
      expect(await box.inputValue()).toBe("");
    } else {
      expect(await box.inputValue()).toBe(text);
      await say(page, text);
    }
  }
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "leaving ")).toEqual(texts);
});
