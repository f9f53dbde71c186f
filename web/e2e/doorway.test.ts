import { expect } from "vitest";
import { button, joinInterrupted } from "./harness/interrupted.ts";
import {
  invitePatient,
  invitePractitioner,
  reads,
  signInWithCode,
  write,
} from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

test("K10 setup, a practitioner and a patient go on at every step where they were, by passkey and by code", async ({
  arrive,
  server,
}) => {
  const office = await arrive();
  await joinInterrupted(office, `/setup#${server.setupToken}`, "Office");
  await button(office.page, "Invite practitioner").first().waitFor();

  const practitioner = await arrive();
  const invitation = await invitePractitioner(office, "Dr. Ruiz");
  await joinInterrupted(practitioner, invitation, "Dr. Ruiz");
  const link = await invitePatient(practitioner, "Ana M.");

  const patient = await arrive();
  const code = await joinInterrupted(patient, link, "Ana Morales");
  await patient.page.getByRole("textbox", { name: "Message" }).waitFor();
  await write(patient, "I am in");
  await reads(patient, "I am in");

  // What was stored half way is what signs in: the passkey, and on another device the code.
  await patient.becomeNewDevice();
  await patient.page.goto("/sign-in");
  await button(patient.page, "Sign in with passkey").click();
  await reads(patient, "I am in");
  const phone = await arrive();
  await phone.page.goto("/sign-in");
  await signInWithCode(phone, code);
  await reads(phone, "I am in");
  expect(await phone.accessibilityViolations()).toEqual([]);
});
