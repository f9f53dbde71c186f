import { expect } from "vitest";
import { invitePatient, reads } from "./harness/journey.ts";
import { focusIsOn, press, roundTrip, walkTo } from "./harness/keyboard.ts";
import type { Person } from "./harness/person.ts";
import { test as staged } from "./harness/stage.ts";

/** The practitioner has two more conversations, whose invitations are open. */
const test = staged.extend("people", { scope: "file" }, async ({ couple }) => {
  for (const label of ["José Núñez", "Luis Pérez"]) await invitePatient(couple.practitioner, label);
  return couple;
});

const FIELD = "Find a conversation";
const type = ({ page }: Person, text: string): Promise<void> => page.keyboard.type(text);

/** What listens to the keyboard comes a moment after the list, and not while a menu is still open. */
async function toField(who: Person): Promise<void> {
  const field = who.page.getByRole("searchbox", { name: FIELD });
  const isFocused = () => field.evaluate((element) => element === document.activeElement);
  await expect
    .poll(async () => {
      if (!(await isFocused())) await press(who, "/");
      return isFocused();
    })
    .toBe(true);
  await focusIsOn(who, "searchbox", FIELD);
}

/** By the list's search, into the composer. */
async function openAna(who: Person): Promise<void> {
  await toField(who);
  await type(who, "ana");
  await press(who, "ArrowDown");
  await focusIsOn(who, "link", /Ana M\./);
  await press(who, "Enter");
  await focusIsOn(who, "textbox", "Message");
}

const path = ({ page }: Person): string => new URL(page.url()).pathname;

test("a practitioner signs in, finds, reads, writes, archives and changes settings by keyboard alone", async ({
  people,
}) => {
  const { practitioner: desk, patient } = people;
  await desk.becomeNewDevice();
  await desk.page.goto("/");
  await walkTo(desk, "button", "Sign in with passkey");
  await press(desk, "Enter");
  await focusIsOn(desk, "heading", "Conversations");

  // Find and open.
  await openAna(desk);
  await reads(desk, "Yes, gladly");

  // Read: the history takes the focus, so that arrows scroll it.
  await walkTo(desk, "log", "Messages", "Shift+Tab");

  // Write, with Enter and with the button.
  await walkTo(desk, "textbox", "Message");
  await type(desk, "Written without a mouse");
  await press(desk, "Enter");
  await reads(patient, "Written without a mouse");
  await focusIsOn(desk, "textbox", "Message");
  await type(desk, "Sent by the button");
  await walkTo(desk, "button", "Send");
  await press(desk, "Space");
  await reads(patient, "Sent by the button");
  await focusIsOn(desk, "textbox", "Message");

  // Archive from the conversation; the focus comes back to where the menu was opened.
  await walkTo(desk, "button", "Conversation menu", "Shift+Tab");
  await press(desk, "Enter");
  await focusIsOn(desk, "menuitem", "Pin");
  await press(desk, "Escape");
  await focusIsOn(desk, "button", "Conversation menu");
  await press(desk, "Enter");
  await focusIsOn(desk, "menuitem", "Pin");
  await press(desk, "End", "ArrowUp", "ArrowDown");
  await focusIsOn(desk, "menuitem", "Archive");
  await press(desk, "Enter");
  await focusIsOn(desk, "button", "Conversation menu");
  await desk.page.getByRole("heading", { name: "No such name here" }).waitFor();

  // Unarchive from the list.
  await toField(desk);
  await walkTo(desk, "button", "Archived");
  await press(desk, "Enter");
  await walkTo(desk, "link", /Ana M\./);
  await walkTo(desk, "button", "Actions for Ana M.");
  await press(desk, "Enter");
  await focusIsOn(desk, "menuitem", "Pin");
  await press(desk, "End");
  await focusIsOn(desk, "menuitem", "Unarchive");
  await press(desk, "Enter");
  await toField(desk);
  await walkTo(desk, "button", "All");
  await press(desk, "Space");
  await toField(desk);
  await press(desk, "Escape");
  await desk.page.getByRole("link", { name: /Ana M\./ }).waitFor();
  await desk.page.getByRole("link", { name: /José Núñez/ }).waitFor();

  // Settings and back.
  await walkTo(desk, "link", "Settings", "Shift+Tab");
  await press(desk, "Enter");
  await focusIsOn(desk, "heading", "Settings");
  await walkTo(desk, "combobox", "Colours");
  await type(desk, "Dark");
  await expect.poll(() => desk.page.locator("html").getAttribute("data-theme")).toBe("dark");
  expect(await desk.accessibilityViolations()).toEqual([]);
  await walkTo(desk, "link", "Back", "Shift+Tab");
  await press(desk, "Enter");
  await focusIsOn(desk, "heading", "Conversations");
});

test("the skip link leads past the list, and Tab leads round every screen in both directions", async ({
  people,
}) => {
  const { practitioner: desk } = people;
  await desk.page.goto("/");
  await openAna(desk);
  await desk.page.reload();
  await focusIsOn(desk, "textbox", "Message");
  // The last that comes, with what is known of the conversation.
  await desk.page.getByRole("link", { name: "Files" }).waitFor();

  // Whether the browser itself is a stop between the last and the first differs from round to round.
  const ofPage = (stops: readonly string[]): string[] => stops.filter((stop) => stop !== "nothing");
  const forwards = ofPage(await roundTrip(desk, "Tab"));
  const backwards = ofPage(await roundTrip(desk, "Shift+Tab"));
  expect([...backwards].sort()).toEqual([...forwards].sort());
  expect(forwards).toContain('a "Skip to conversation"');
  expect(forwards).toContain('log "Messages"');

  await walkTo(desk, "link", "Skip to conversation");
  await press(desk, "Enter");
  await focusIsOn(desk, "heading", "Ana M.");
  await walkTo(desk, "textbox", "Message");

  for (const screen of ["/settings", "/privacy", "/nowhere"]) {
    await desk.page.goto(screen);
    await desk.page.getByRole("heading", { level: 1 }).waitFor();
    expect((await roundTrip(desk, "Tab")).length).toBeGreaterThan(0);
  }
});

test("a dialog keeps the focus, Escape closes it and gives the focus back", async ({ people }) => {
  const { practitioner: desk } = people;
  await desk.page.goto("/");
  await walkTo(desk, "button", "Invite patient");
  await press(desk, "Enter");
  await focusIsOn(desk, "textbox", "Label");
  const stops = await roundTrip(desk, "Tab");
  expect(stops).not.toContain('a "Settings"');
  await walkTo(desk, "textbox", "Label");
  await type(desk, "Chloé Dupont");
  await press(desk, "Enter");
  await desk.page.getByRole("textbox", { name: "Invitation link" }).waitFor();
  expect(await desk.accessibilityViolations()).toEqual([]);
  await press(desk, "Escape");
  await focusIsOn(desk, "button", "Invite patient");
  await press(desk, "?");
  await desk.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await press(desk, "Escape");
  await focusIsOn(desk, "button", "Invite patient");
  expect(path(desk)).toBe("/");
});

test("a message is answered by keyboard alone", async ({ people }) => {
  const { practitioner: desk, patient } = people;
  await desk.page.goto("/");
  await openAna(desk);
  await reads(desk, "Yes, gladly");
  await walkTo(desk, "log", "Messages", "Shift+Tab");
  // Up to the newest message, and to what can be done with it.
  // What listens to arrows comes a moment after the messages; until then the log only scrolls.
  const { page } = desk;
  await expect
    .poll(async () => {
      if ((await page.locator("article:focus").count()) === 0) await press(desk, "ArrowUp");
      return page.locator("article:focus").count();
    })
    .toBe(1);
  await focusIsOn(desk, "article", /./);
  await walkTo(desk, "button", "Message actions");
  await press(desk, "Enter");
  await focusIsOn(desk, "menuitem", "Reply");
  await press(desk, "Enter");
  await focusIsOn(desk, "textbox", "Message");
  await type(desk, "Answered without a mouse");
  await press(desk, "Enter");
  await reads(patient, "Answered without a mouse");
  expect(await desk.accessibilityViolations()).toEqual([]);
});
