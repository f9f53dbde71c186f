import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type ConversationUp, decodeConversationUp } from "../../workers/protocol/frames.ts";
import { openConversation, reads, write } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

/** What this page sends over sockets of conversations from now on. */
function sentBy(page: Page): ConversationUp[] {
  const frames: ConversationUp[] = [];
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/ws/conversation/")) return;
    socket.on("framesent", ({ payload }) => {
      frames.push(decodeConversationUp(Uint8Array.from(Buffer.from(payload))));
    });
  });
  return frames;
}

const status = (who: Person, words: string) =>
  who.page.getByRole("status").filter({ hasText: words });
const box = (who: Person) => who.page.getByRole("textbox", { name: "Message" });
const header = (who: Person) => who.page.locator(".standing-line");
/** The words that stand for the sign of an own message. */
const signOf = (who: Person, message: string) =>
  who.page.getByRole("article").filter({ hasText: message }).locator(".delivery");

const READ_AT = /^Read at \d\d:\d\d$/;

async function switches(who: Person, on: boolean): Promise<void> {
  await who.page.getByRole("link", { name: "Settings" }).first().click();
  await who.page.getByRole("heading", { name: "Privacy" }).waitFor();
  for (const name of ["Read receipts", "Typing", "Online and last seen"]) {
    await who.page.getByRole("checkbox", { name, exact: true }).setChecked(on);
  }
  expect(await who.accessibilityViolations()).toEqual([]);
}

test("typing is seen while it lasts and clears itself, and nothing moves for it", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  await header(practitioner).getByText("Online").waitFor();
  const place = () => practitioner.page.getByRole("log", { name: "Messages" }).boundingBox();
  const before = await place();
  await box(patient).pressSequentially("I had");
  await status(practitioner, "Ana Morales is typing").waitFor();
  expect(await place()).toEqual(before);
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  // Nobody says that it is over.
  await status(practitioner, "is typing").waitFor({ state: "detached" });
  await header(practitioner).getByText("Online").waitFor();

  await box(patient).pressSequentially(" soup");
  await status(practitioner, "is typing").waitFor();
  await box(patient).press("Enter");
  await reads(practitioner, "I had soup");
  await status(practitioner, "is typing").waitFor({ state: "detached" });
});

test("online while the conversation is open and in sight, then last seen, also after a reload", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  await header(practitioner).getByText("Online").waitFor();
  await patient.page.goto("/settings");
  await header(practitioner)
    .getByText(/^Last seen today at \d\d:\d\d$/)
    .waitFor();
  await practitioner.page.reload();
  await header(practitioner)
    .getByText(/^Last seen today at \d\d:\d\d$/)
    .waitFor();
  await patient.page.goto("/");
  await openConversation(patient, /Herrera/);
  await header(practitioner).getByText("Online").waitFor();
  // A newcomer is told who is here.
  await practitioner.page.reload();
  await header(practitioner).getByText("Online").waitFor();
});

test("M10 a message is read once the other has looked, with the time, and stays so after a reload", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  await patient.page.goto("/settings");
  await patient.page.getByRole("heading", { name: "Privacy" }).waitFor();
  await write(practitioner, "Soup is fine");
  await expect.poll(() => signOf(practitioner, "Soup is fine").textContent()).toBe("Delivered");
  await patient.page.goto("/");
  await openConversation(patient, /Herrera/);
  await reads(patient, "Soup is fine");
  await expect.poll(() => signOf(practitioner, "Soup is fine").textContent()).toMatch(READ_AT);
  expect(await signOf(practitioner, "Soup is fine").getAttribute("title")).toMatch(READ_AT);
  await practitioner.page.reload();
  await expect.poll(() => signOf(practitioner, "Soup is fine").textContent()).toMatch(READ_AT);
});

test("M10 what was read without a network is told with the next one", async ({ couple }) => {
  const { practitioner, patient } = couple;
  await patient.page.goto("/settings");
  await patient.page.getByRole("heading", { name: "Privacy" }).waitFor();
  await write(practitioner, "And bread");
  await expect.poll(() => signOf(practitioner, "And bread").textContent()).toBe("Delivered");
  patient.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await patient.context.setOffline(true);
  await patient.page.getByRole("link", { name: "Back" }).click();
  await openConversation(patient, /Herrera/);
  await reads(patient, "And bread");
  await patient.page.waitForTimeout(1_500);
  expect(await signOf(practitioner, "And bread").textContent()).toBe("Delivered");
  await patient.context.setOffline(false);
  await expect.poll(() => signOf(practitioner, "And bread").textContent()).toMatch(READ_AT);
});

test("switched off, nothing of it is sent and nothing is shown; on again, it is", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  await switches(patient, false);
  await header(practitioner)
    .getByText(/^Last seen/)
    .waitFor();
  const sent = sentBy(patient.page);
  await patient.page.reload();
  await patient.page.getByRole("heading", { name: "Privacy" }).waitFor();
  const stillOff = patient.page.getByRole("checkbox", { name: "Typing", exact: true });
  await expect.poll(() => stillOff.isChecked()).toBe(false);
  await patient.page.goto("/");
  await openConversation(patient, /Herrera/);
  await write(practitioner, "Nobody looks");
  await reads(patient, "Nobody looks");
  await box(patient).pressSequentially("Indeed");
  await box(practitioner).pressSequentially("Still here");
  await box(patient).press("Enter");
  await reads(practitioner, "Indeed");
  // Longer than a receipt takes, and than typing takes to be told again.
  await patient.page.waitForTimeout(3_500);
  const kinds = () => sent.map(({ t }) => t);
  expect(kinds()).toContain("send");
  const telling = sent.filter(({ t }) => t === "receipt" || t === "typing" || t === "presence");
  expect(telling).toEqual([]);
  await expect.poll(() => signOf(practitioner, "Nobody looks").textContent()).toBe("Delivered");
  expect(await header(practitioner).textContent()).not.toContain("Online");
  // It works both ways.
  expect(await header(patient).textContent()).not.toMatch(/Online|Last seen/);
  expect(await patient.page.getByText("is typing").count()).toBe(0);
  await expect.poll(() => signOf(patient, "Indeed").textContent()).toBe("Delivered");

  await switches(patient, true);
  await patient.page.getByRole("link", { name: "Back" }).click();
  await openConversation(patient, /Herrera/);
  await header(patient).getByText("Online").waitFor();
  await header(practitioner).getByText("Online").waitFor();
  await expect.poll(() => signOf(patient, "Indeed").textContent()).toMatch(READ_AT);
  await expect.poll(() => signOf(practitioner, "Nobody looks").textContent()).toMatch(/^Read/);
  expect([...new Set(kinds())]).toEqual(expect.arrayContaining(["receipt", "presence"]));
});
