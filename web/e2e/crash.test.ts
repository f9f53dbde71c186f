import type { Page } from "playwright-core";
import { expect } from "vitest";
import { crashPlan, say, sendThroughCrashes } from "./harness/crashes.ts";
import { openConversation, reads, signInWithCode, textsOf } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

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
    // The one before may be in the log and not yet stored: its draft, as long as this one, would be taken for it.
    await expect.poll(() => keptDraft(page), { timeout: 10_000 }).toBeLessThan(text.length);
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

/** `npm run soak` sends ten times as many. */
const SENDS = 200;

// The last one: the tabs that the others work in do not outlive it.
test(`${SENDS} messages of two people arrive once and in order though server and tabs are killed three times each`, async ({
  couple,
  server,
  arrive,
}) => {
  const seed = Date.now();
  const plan = crashPlan(seed, SENDS);
  for (const kind of ["kill", "start"]) {
    expect(plan.filter((step) => step.server === kind).length).toBeGreaterThanOrEqual(3);
  }
  expect(plan.filter((step) => step.isTabKilled).length).toBeGreaterThanOrEqual(6);
  for (const who of [couple.patient, couple.practitioner]) who.expects(/ERR_CONNECTION_REFUSED/);
  const { practitioner, patient } = await sendThroughCrashes(server, couple, plan);
  const tablet = await arrive();
  await tablet.page.goto("/sign-in");
  await signInWithCode(tablet, couple.patientCode);
  await openConversation(tablet, /Herrera/);
  const order = await textsOf(practitioner, "sent ");
  for (const author of ["practitioner", "patient"]) {
    const theirs = plan.filter((step) => step.author === author).map(({ text }) => text);
    expect(
      order.filter((text) => text.endsWith(author)),
      `seed ${seed}`,
    ).toEqual(theirs);
  }
  expect(await textsOf(patient, "sent "), `seed ${seed}`).toEqual(order);
  expect(await textsOf(tablet, "sent "), `seed ${seed}`).toEqual(order);
});
