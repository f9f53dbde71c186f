import type { Request } from "playwright-core";
import { expect } from "vitest";
import { openConversation, reads, signInWithCode, textsOf, write } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const composer = ({ page }: Pick<Person, "page">) => page.getByRole("textbox", { name: "Message" });
const row = ({ page }: Person, name: RegExp) =>
  page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name });

const isRecordWrite = (request: Request): boolean =>
  request.method() === "PUT" && request.url().includes("/api/private/");

/** What this person's pages write to the account's private state from now on. */
function recordWrites({ context }: Person): Request[] {
  const writes: Request[] = [];
  context.on("response", (response) => {
    if (isRecordWrite(response.request())) writes.push(response.request());
  });
  return writes;
}

/**
 * Resolves when the server has the next record that this person's pages write: when it answers. Of an answer that is read
 * as it comes, Chromium may say that it was given up, though all of it was read.
 */
const nextRecordWrite = async ({ context }: Person): Promise<void> => {
  await context.waitForEvent("response", {
    predicate: (response) => isRecordWrite(response.request()),
    timeout: 30_000,
  });
};

test("K9: a draft moves to a second device and back, without a write for every letter", async ({
  arrive,
  couple,
}) => {
  const { patient, patientCode } = couple;
  const tablet = await arrive();
  await tablet.page.goto("/sign-in");
  await signInWithCode(tablet, patientCode);
  await openConversation(tablet, /Herrera/);

  const writes = recordWrites(patient);
  await composer(patient).pressSequentially("Breakfast was oats with", { delay: 60 });
  await patient.page.getByRole("link", { name: "Settings" }).click();
  await patient.page.getByRole("link", { name: "Back" }).click();
  await row(patient, /Draft: Breakfast was oats with/).waitFor();
  await expect.poll(() => writes.length).toBeGreaterThan(0);
  // One, unless the machine itself paused in the typing.
  expect(writes.length).toBeLessThan(4);

  await tablet.page.reload();
  await expect
    .poll(() => composer(tablet).inputValue(), { timeout: 15_000 })
    .toBe("Breakfast was oats with");
  expect(await tablet.accessibilityViolations()).toEqual([]);
  const given = nextRecordWrite(tablet);
  await composer(tablet).pressSequentially(" milk");
  await given;

  await openConversation(patient, /Herrera/);
  await expect
    .poll(() => composer(patient).inputValue(), { timeout: 15_000 })
    .toBe("Breakfast was oats with milk");
  const emptied = nextRecordWrite(patient);
  await composer(patient).press("Enter");
  await reads(tablet, "Breakfast was oats with milk");
  await emptied;
  await tablet.page.reload();
  await reads(tablet, "Breakfast was oats with milk");
  await expect.poll(() => composer(tablet).inputValue(), { timeout: 15_000 }).toBe("");
  await tablet.leave();
});

test("K9: templates are made in the settings, used with a slash, and the patient reads plain words", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  const { page } = practitioner;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Templates" }).waitFor();
  await page.getByRole("button", { name: "New template" }).click();
  const dialog = page.getByRole("dialog", { name: "New template" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Diary");
  await dialog
    .getByRole("textbox", { name: "Text" })
    .fill("Dear {name}, please write down {meal} for me. {me}");
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Edit Diary" }).waitFor();
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  await page.getByRole("link", { name: "Back" }).click();
  await openConversation(practitioner, /Ana M\./);

  await composer(practitioner).pressSequentially("/");
  await page.getByRole("combobox", { name: "Find a template" }).waitFor();
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  await page.keyboard.type("dia");
  await page.keyboard.press("Enter");
  await page.keyboard.type("your lunch");
  await page.keyboard.press("Enter");
  await reads(patient, "Dear Ana Morales, please write down your lunch for me. Dr. Herrera");
});

test("A4, K13: what was not sent outlives a session that the server ended, and goes out once", async ({
  couple,
}) => {
  const { patient, practitioner, patientCode } = couple;
  await openConversation(practitioner, /Ana M\./);
  await write(patient, "before 1");
  await reads(practitioner, "before 1");

  await patient.context.setOffline(true);
  patient.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|401|WebSocket connection/);
  for (const n of [1, 2, 3]) await write(patient, `kept ${n}`);
  await composer(patient).pressSequentially("and a draft");
  await patient.page.waitForTimeout(1_500);
  // The session is gone, and so is the right of this device to a new one, as after its revocation.
  await patient.context.clearCookies();
  const devices = new Set<string>();
  await patient.context.route("**/api/session/device", async (route) => {
    const { device } = route.request().postDataJSON() as { device: string };
    devices.add(device);
    if (devices.size > 1) await route.continue();
    else await route.fulfill({ status: 401, json: { error: "unauthenticated" } });
  });
  await patient.context.setOffline(false);
  await patient.page.getByRole("button", { name: "Sign in with passkey" }).waitFor();
  await write(practitioner, "meanwhile 1");

  await signInWithCode(patient, patientCode);
  await openConversation(patient, /Herrera/);
  await reads(practitioner, "kept 3");
  await reads(patient, "kept 3");
  await reads(patient, "meanwhile 1");
  await expect.poll(() => composer(patient).inputValue(), { timeout: 15_000 }).toBe("and a draft");
  const kept = ["kept 1", "kept 2", "kept 3"];
  expect(await textsOf(practitioner, "kept ")).toEqual(kept);
  await expect.poll(() => textsOf(patient, "kept ")).toEqual(kept);
  await expect.poll(() => patient.page.getByText("Waiting to be sent").count()).toBe(0);
  expect(devices.size).toBe(2);
});
