import { expect } from "vitest";
import { button, joinInterrupted } from "./harness/interrupted.ts";
import { acceptInvitation, invitePatient } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

test("K10 without passkeys the code is the same after every interruption, and only the joined account has it", async ({
  arrive,
  couple,
}) => {
  const link = await invitePatient(couple.practitioner, "Hugo");
  const patient = await arrive();
  await patient.context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "PublicKeyCredential");
  });
  await joinInterrupted(patient, link, "Hugo Blanc", false);
  await patient.page.getByRole("textbox", { name: "Message" }).waitFor();
  // Nothing is left of the making: the address without its secret leads nowhere new.
  await patient.page.goto("/join");
  await patient.page.getByRole("heading", { name: "Open your link once more" }).waitFor();
});

test("a used link brings its owner back, asks who is signed out, and says whom to tell", async ({
  arrive,
  couple,
}) => {
  const link = await invitePatient(couple.practitioner, "Eva");
  const patient = await arrive();
  await acceptInvitation(patient, link, "Eva Lund");
  const composer = patient.page.getByRole("textbox", { name: "Message" });
  await composer.waitFor();
  const address = patient.page.url();

  await patient.page.goto("/settings");
  await patient.page.goto(link);
  await composer.waitFor();
  expect(patient.page.url()).toBe(address);

  const other = await arrive();
  await other.page.goto(link);
  await button(other.page, "It was not me").click();
  await other.page.getByRole("heading", { name: "Somebody else used your link" }).waitFor();
  expect(await other.accessibilityViolations()).toEqual([]);
  await button(other.page, "Back").click();
  await other.page.getByRole("link", { name: "I joined with this" }).click();
  await button(other.page, "Sign in with passkey").waitFor();

  await patient.page.goto("/settings");
  await button(patient.page, "Sign out").click();
  await button(patient.page, "Sign in with passkey").waitFor();
  await patient.page.goto(link);
  await patient.page.getByRole("link", { name: "I joined with this" }).click();
  await button(patient.page, "Sign in with passkey").click();
  await composer.waitFor();
});
