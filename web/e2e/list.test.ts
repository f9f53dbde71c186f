import { expect } from "vitest";
import { startPractice } from "./harness/couple.ts";
import {
  acceptInvitation,
  invitePatient,
  openConversation,
  reads,
  signInWithCode,
  write,
} from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const NAMES = ["Ana Morales", "José Núñez", "Luis Pérez", "Chloé Dupont", "Ibrahim Al", "Jo Li"];

const list = ({ page }: Person) => page.getByRole("navigation", { name: "Conversations" });

/** First names in the list, from the top. */
const names = async (who: Person): Promise<string[]> =>
  (await list(who).locator(".row-title").allTextContents()).map((name) => name.split(" ")[0] ?? "");

async function shows(who: Person, expected: readonly string[]): Promise<void> {
  await expect.poll(() => names(who), { timeout: 20_000 }).toEqual(expected);
}

const chip = ({ page }: Person, name: RegExp) =>
  page.getByRole("group", { name: "Show" }).getByRole("button", { name });

/** From the row's own menu. */
async function choose(who: Person, name: string, item: string): Promise<void> {
  await list(who)
    .getByRole("link", { name: new RegExp(name) })
    .click({ button: "right" });
  await who.page.getByRole("menuitem", { name: item, exact: true }).click();
}

const focused = ({ page }: Person): Promise<string> =>
  page.evaluate(() => document.activeElement?.querySelector(".row-title")?.textContent ?? "");

test("K9: a practitioner finds, pins, mutes and archives, by keyboard too, and a second device knows it", async ({
  arrive,
  browser,
  server,
}) => {
  const { practitioner: desk, code } = await startPractice(browser, server, "Dr. Ruiz");
  const links: string[] = [];
  for (const name of NAMES) links.push(await invitePatient(desk, name));
  await shows(desk, ["Jo", "Ibrahim", "Chloé", "Luis", "José", "Ana"]);
  expect(await desk.accessibilityViolations()).toEqual([]);

  const ana = await arrive();
  await acceptInvitation(ana, links[0] ?? "", "Ana", { passkey: true });
  await ana.page.getByRole("textbox", { name: "Message" }).waitFor();
  await write(ana, "Good morning");
  await shows(desk, ["Ana", "Jo", "Ibrahim", "Chloé", "Luis", "José"]);

  // What waits, and finding by the beginning of any word.
  await chip(desk, /^Waiting for you · 1$/).click();
  await shows(desk, ["Ana"]);
  await chip(desk, /^All$/).click();
  const find = desk.page.getByRole("searchbox", { name: "Find a conversation" });
  await find.fill("nun");
  await shows(desk, ["José"]);
  await openConversation(desk, /José/);
  expect(await find.inputValue()).toBe("nun");
  await find.fill("jx");
  await desk.page.getByRole("heading", { name: "No such name here" }).waitFor();
  await find.fill("");

  // Pinned stays on top; muted counts no more; archived is out of sight.
  await choose(desk, "Luis", "Pin");
  await shows(desk, ["Luis", "Ana", "Jo", "Ibrahim", "Chloé", "José"]);
  await chip(desk, /^Unread · 1$/).waitFor();
  await choose(desk, "Ana", "Mute");
  expect(await desk.accessibilityViolations()).toEqual([]);
  await desk.page.getByRole("menuitem", { name: "Always" }).click();
  await chip(desk, /^Unread$/).waitFor();
  await desk.page.getByRole("button", { name: "Conversation menu" }).click();
  expect(await desk.accessibilityViolations()).toEqual([]);
  await desk.page.getByRole("menuitem", { name: "Archive", exact: true }).click();
  await shows(desk, ["Luis", "Ana", "Jo", "Ibrahim", "Chloé"]);

  // Several at once, taken back, and done again.
  for (const again of [false, true]) {
    await desk.page.getByRole("button", { name: "Select" }).click();
    await list(desk)
      .getByRole("checkbox", { name: /Ibrahim/ })
      .check();
    await list(desk).getByRole("checkbox", { name: /Chloé/ }).check();
    expect(await desk.accessibilityViolations()).toEqual([]);
    await desk.page.getByRole("button", { name: "Archive", exact: true }).click();
    await shows(desk, ["Luis", "Ana", "Jo"]);
    if (again) break;
    await desk.page.getByRole("button", { name: "Undo" }).click();
    await shows(desk, ["Luis", "Ana", "Jo", "Ibrahim", "Chloé"]);
  }

  // By keyboard alone.
  await desk.page.keyboard.press("/");
  await expect.poll(() => find.evaluate((field) => field === document.activeElement)).toBe(true);
  await desk.page.keyboard.type("j");
  await shows(desk, ["Jo"]);
  await desk.page.keyboard.press("Escape");
  await shows(desk, ["Luis", "Ana", "Jo"]);
  // The list may still be drawing what the search had hidden.
  await expect
    .poll(async () => {
      await desk.page.keyboard.press("ArrowDown");
      await desk.page.keyboard.press("Home");
      return focused(desk);
    })
    .toBe("Luis Pérez");
  await desk.page.keyboard.press("j");
  await expect.poll(() => focused(desk)).toBe("Ana Morales");
  await desk.page.keyboard.press("Enter");
  await reads(desk, "Good morning");
  await desk.page.keyboard.press("Escape");
  await expect.poll(() => focused(desk)).toBe("Ana Morales");
  await desk.page.keyboard.press("?");
  await desk.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  expect(await desk.accessibilityViolations()).toEqual([]);
  await desk.page.keyboard.press("Escape");

  // What was set offline holds through a reload of the store's reader and goes out later.
  desk.expects(/ERR_INTERNET_DISCONNECTED/);
  await desk.context.setOffline(true);
  await choose(desk, "Jo", "Pin");
  await shows(desk, ["Jo", "Luis", "Ana"]);
  await desk.context.setOffline(false);
  await desk.page.reload();
  await shows(desk, ["Jo", "Luis", "Ana"]);

  const laptop = await arrive();
  await laptop.page.goto("/sign-in");
  await signInWithCode(laptop, code);
  await shows(laptop, ["Jo", "Luis", "Ana"]);
  await list(laptop)
    .getByRole("link", { name: /Ana.*Muted/ })
    .waitFor();
  await chip(laptop, /^Archived$/).click();
  await expect
    .poll(async () => (await names(laptop)).toSorted())
    .toEqual(["Chloé", "Ibrahim", "José"]);

  // While both are online, what one does the other shows.
  await chip(laptop, /^All$/).click();
  await choose(laptop, "Jo Li", "Unpin");
  await choose(laptop, "Luis", "Unpin");
  await shows(desk, ["Ana", "Jo", "Luis"]);
});
