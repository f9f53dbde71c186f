import { expect } from "vitest";
import { openConversation, reads } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const MANY = 300;

const log = ({ page }: Person) => page.getByRole("log", { name: "Messages" });

const line = (n: number): string => `Line ${n}${" and so on".repeat((n * 7) % 25)}`;

async function writeMany({ page }: Person): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message" });
  for (let n = 1; n <= MANY; n += 1) {
    await composer.fill(line(n));
    await page.keyboard.press("Enter");
    await expect.poll(() => composer.inputValue(), { interval: 5 }).toBe("");
  }
}

/** The line whose upper edge is the first in sight, and how far below the log's upper edge it is. */
const inSight = (who: Person): Promise<{ n: number; top: number }> =>
  log(who).evaluate((root) => {
    const edge = root.getBoundingClientRect().top;
    for (const article of root.querySelectorAll("article")) {
      const { top } = article.getBoundingClientRect();
      const n = Number(/^Line (\d+)/.exec(article.querySelector("p")?.textContent ?? "")?.[1]);
      if (top >= edge && n > 0) return { n, top: top - edge };
    }
    return { n: 0, top: 0 };
  });

const fromBottom = (who: Person): Promise<number> =>
  log(who).evaluate((root) => root.scrollHeight - root.clientHeight - root.scrollTop);

const isFocusedLine = ({ page }: Person): Promise<string> =>
  page.evaluate(() => document.activeElement?.querySelector("p")?.textContent ?? "");

test("a long history: endless upwards without a jump, remembered place, dates, and back to the latest", async ({
  couple,
}) => {
  const { practitioner: desk, patient } = couple;
  // Read by nobody yet: the patient comes back to it later.
  await patient.page.goto("about:blank");
  await writeMany(desk);
  await reads(desk, line(MANY));
  await expect.poll(() => fromBottom(desk)).toBeLessThan(2);

  // Upwards by wheel to the very beginning; a line in sight moves by what was scrolled and by nothing else.
  await log(desk).hover();
  const beginning = log(desk).getByText("This is the start of the conversation");
  await expect
    .poll(
      async () => {
        await desk.page.mouse.wheel(0, -600);
        return beginning.isVisible();
      },
      { interval: 30, timeout: 90_000 },
    )
    .toBe(true);
  // Only what is in sight is in the document.
  expect(await log(desk).locator("article").count()).toBeLessThan(150);
  expect(await desk.accessibilityViolations()).toEqual([]);

  // The place survives a reload.
  await desk.page.mouse.wheel(0, 4_000);
  // It is kept when the scrolling pauses, which shows nowhere.
  await desk.page.waitForTimeout(2_000);
  const left = await inSight(desk);
  expect(left.n).toBeGreaterThan(10);
  await desk.page.reload();
  await expect.poll(async () => (await inSight(desk)).n, { timeout: 20_000 }).toBe(left.n);
  await expect.poll(async () => Math.abs((await inSight(desk)).top - left.top)).toBeLessThan(2);

  // And another conversation's visit, and the way back.
  await desk.page.getByRole("button", { name: "Jump to latest" }).click();
  await reads(desk, line(MANY));
  await expect.poll(() => fromBottom(desk)).toBeLessThan(2);

  // To a date: the first message of today is the conversation's first.
  await log(desk).hover();
  await desk.page.mouse.wheel(0, -900);
  await desk.page
    .getByRole("button", { name: /Jump to date/ })
    .first()
    .click();
  const dialog = desk.page.getByRole("dialog", { name: "Jump to date" });
  await dialog.getByLabel("Date").waitFor();
  expect(await desk.accessibilityViolations()).toEqual([]);
  await dialog.getByRole("button", { name: "Show" }).click();
  await dialog.waitFor({ state: "hidden" });
  await beginning.waitFor();

  // End leads to the latest, and what is written there is seen.
  await log(desk).focus();
  await desk.page.keyboard.press("End");
  await reads(desk, line(MANY));

  // The patient comes back to all that is unread: at its divider, not at the end.
  await patient.page.goto("/");
  await openConversation(patient, /Herrera/);
  await log(patient).getByRole("heading", { name: "New messages" }).waitFor({ timeout: 20_000 });
  expect(await isFocusedLine(patient)).toBe("");
  await patient.page.getByRole("button", { name: /Jump to latest/ }).click();
  await reads(patient, line(MANY));
});
