import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

/** Longer than this, a change is seen as a movement. */
const STILL_MS = 1;

/** From now on the page counts what moves for longer than that. */
const watchMotion = (page: Page): Promise<void> =>
  page.evaluate((still) => {
    const root = document.documentElement;
    root.dataset["moved"] = "0";
    const look = (): void => {
      const moving = document.getAnimations().filter((animation) => {
        const { duration } = animation.effect?.getComputedTiming() ?? {};
        return typeof duration === "number" && duration > still;
      });
      if (moving.length > 0) root.dataset["moved"] = String(Number(root.dataset["moved"]) + 1);
      requestAnimationFrame(look);
    };
    for (const type of ["animationstart", "transitionrun"]) {
      document.addEventListener(type, look, { once: true, capture: true });
    }
    look();
  }, STILL_MS);

const moved = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset["moved"]));

/** What opens, closes and slides in the app. */
async function moveAbout({ page }: Person): Promise<void> {
  await page.getByRole("button", { name: "Invite patient" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page
    .getByRole("navigation", { name: "Conversations" })
    .getByRole("link", { name: /Ana M\./ })
    .click();
  await page.getByRole("log", { name: "Messages" }).waitFor();
  await page.getByRole("button", { name: "Conversation menu" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Devices" }).waitFor();
  await page.getByRole("link", { name: "Back" }).click();
  await page.getByRole("link", { name: /Ana M\./ }).waitFor();
}

test("where less motion is asked for, nothing moves for longer than a millisecond", async ({
  couple,
}) => {
  const { practitioner } = couple;
  const { page } = practitioner;
  await page.goto("/");
  await watchMotion(page);
  await moveAbout(practitioner);
  // The counting works: without the wish there are movements to see.
  expect(await moved(page)).toBeGreaterThan(0);

  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/");
  await watchMotion(page);
  await moveAbout(practitioner);
  expect(await moved(page)).toBe(0);
  await page.emulateMedia({ reducedMotion: null });
});

/** Everything that could be scrolled sideways, or is cut off at the side of the page. */
const sideways = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll("*")].filter((element) => {
      const { overflowX } = getComputedStyle(element);
      const scrolls = element === root || /auto|scroll/.test(overflowX);
      return scrolls && element.scrollWidth > element.clientWidth;
    });
    // The chips are one line under a finger; with a mouse they break.
    return wide
      .filter((element) => !element.matches(".chips"))
      .map((element) => element.outerHTML.slice(0, 120));
  });

const SIZES = [
  { name: "320 px", width: 320, height: 640 },
  // 200 % of a window of 1280 by 800, and of a phone held upright.
  { name: "200 %", width: 640, height: 400 },
];

const LANGUAGES = ["en", "es"];

test("WCAG 1.4.10: at 320 px and at 200 % no screen scrolls sideways, in both languages", async ({
  arrive,
  couple,
}) => {
  const { practitioner, patient, office } = couple;
  const visitor = await arrive();
  await visitor.page.goto("/privacy");
  for (const language of LANGUAGES) {
    const visits: readonly (readonly [Person, readonly string[]])[] = [
      [visitor, ["/sign-in", "/privacy", "/join", "/nowhere"]],
      [practitioner, ["/", await pathOf(practitioner), "/settings"]],
      [patient, [await pathOf(patient)]],
      [office, ["/"]],
    ];
    for (const [{ page }, paths] of visits) {
      await page.evaluate((chosen) => localStorage.setItem("thyme.language", chosen), language);
      for (const path of paths) {
        await page.goto(path);
        await expect.poll(() => page.locator("html").getAttribute("lang")).toBe(language);
        await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
        for (const { name, width, height } of SIZES) {
          await page.setViewportSize({ width, height });
          await expect
            .poll(() => sideways(page), { message: `${path} at ${name} in ${language}` })
            .toEqual([]);
        }
      }
    }
    // The dialog with the longest words.
    await practitioner.page.goto("/");
    await practitioner.page.keyboard.press("Tab");
    await practitioner.page.locator(".bar .icon-button.primary").click();
    await practitioner.page.getByRole("dialog").waitFor();
    await expect
      .poll(() => sideways(practitioner.page), { message: `dialog in ${language}` })
      .toEqual([]);
  }
});

/** Where the person's first conversation is. */
async function pathOf({ page }: Person): Promise<string> {
  await page.goto("/");
  const link = page.getByRole("navigation").getByRole("link").first();
  const composer = page.getByRole("textbox", { name: /^(Message|Mensaje)$/ });
  await link.or(composer).first().waitFor();
  // A patient's only conversation opens by itself.
  const path = new URL(page.url()).pathname;
  return path === "/" ? ((await link.getAttribute("href")) ?? "/") : path;
}
