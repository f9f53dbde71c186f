import type { Page } from "playwright-core";
import { expect } from "vitest";
import { openConversation, reads, textsOf, write } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const composer = (page: Page) => page.getByRole("textbox", { name: "Message" });

/** Another tab of this person, in their conversation. */
async function newTab(patient: Person): Promise<Page> {
  const page = await patient.context.newPage();
  await page.goto("/");
  await openConversation({ ...patient, page }, /Herrera/);
  return page;
}

/** What the system tells a page (Page Lifecycle). The protocol freezes none that is in sight, and here every one is. */
const tell = (page: Page, event: "freeze" | "resume"): Promise<boolean> =>
  page.evaluate((type) => document.dispatchEvent(new Event(type)), event);

test("K8: what was typed 200 ms before the page goes is back, however it goes", async ({
  couple,
}) => {
  const { patient } = couple;
  let page = await newTab(patient);
  const ways: [string, () => Promise<void>][] = [
    ["reload", async () => void (await page.reload())],
    [
      "another address",
      async () => {
        await page.goto("/settings");
        await page.goto("/");
        await openConversation({ ...patient, page }, /Herrera/);
      },
    ],
    [
      "a closed tab",
      async () => {
        const closed = page.waitForEvent("close");
        await page.close({ runBeforeUnload: true });
        await closed;
        page = await newTab(patient);
      },
    ],
    [
      "a tab that is discarded",
      async () => {
        const session = await patient.context.newCDPSession(page);
        await tell(page, "freeze");
        const crashed = page.waitForEvent("crash");
        session.send("Page.crash").catch(() => undefined);
        await crashed;
        await page.close();
        page = await newTab(patient);
      },
    ],
  ];
  for (const [way, go] of ways) {
    const text = `typed before ${way}`;
    await composer(page).pressSequentially(text);
    await page.waitForTimeout(200);
    await go();
    await expect.poll(() => composer(page).inputValue(), { timeout: 20_000 }).toBe(text);
    await composer(page).press("Enter");
    await reads({ ...patient, page }, text);
  }
  await page.close();
});

test("a message that is sent as the page is loaded again is there once, in the log or in the box", async ({
  couple,
}) => {
  const { patient, practitioner } = couple;
  const page = await newTab(patient);
  const waits = [0, 1, 2, 4, 8, 16, 32, 64];
  const texts = waits.map((wait) => `reloaded ${wait} ms after`);
  for (const [i, wait] of waits.entries()) {
    const text = texts[i] ?? "";
    await composer(page).pressSequentially(text);
    await page.waitForTimeout(200);
    await page.evaluate((ms) => {
      const press = { key: "Enter", bubbles: true, cancelable: true };
      document.querySelector("textarea")?.dispatchEvent(new KeyboardEvent("keydown", press));
      setTimeout(() => location.reload(), ms);
    }, wait);
    await page.waitForEvent("load");
    await composer(page).waitFor();
    const inLog = async (): Promise<boolean> =>
      (await textsOf({ ...patient, page }, "reloaded ")).includes(text);
    await expect
      .poll(async () => ((await inLog()) ? "log" : await composer(page).inputValue()))
      .toMatch(/^(log|reloaded \d+)/);
    const box = await composer(page).inputValue();
    expect(box).toBe((await inLog()) ? "" : text);
    if (box === text) {
      await composer(page).press("Enter");
      await reads({ ...patient, page }, text);
    }
  }
  await openConversation(practitioner, /Ana M\./);
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "reloaded ")).toEqual(texts);
  await page.close();
});

test("a text typed right after Enter that begins like the sent one stays whole", async ({
  couple,
}) => {
  const { patient, practitioner } = couple;
  const page = await newTab(patient);
  const texts = Array.from({ length: 12 }, (_, i) => `begins alike ${i + 1}`);
  for (const text of texts) {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }
  await reads(practitioner, texts.at(-1) ?? "");
  expect(await textsOf(practitioner, "begins alike ")).toEqual(texts);
  expect(await composer(page).inputValue()).toBe("");
  await page.close();
});

test("a frozen page ends its engine, and goes on with another when it is looked at again", async ({
  couple,
}) => {
  const { patient, practitioner } = couple;
  const { page } = patient;
  await openConversation(patient, /Herrera/);
  await composer(page).pressSequentially("half a sentence");
  const [engine] = page.workers();
  await tell(page, "freeze");
  await expect.poll(() => engine && page.workers().includes(engine)).toBe(false);
  await openConversation(practitioner, /Ana M\./);
  await write(practitioner, "while you slept");
  await tell(page, "resume");
  await reads(patient, "while you slept");
  expect(await composer(page).inputValue()).toBe("half a sentence");
  await composer(page).press("Enter");
  await reads(practitioner, "half a sentence");
});
