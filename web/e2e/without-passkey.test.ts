import { startPractice } from "./harness/couple.ts";
import {
  acceptInvitation,
  invitePatient,
  openConversation,
  reads,
  write,
} from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

test("K4: a browser without passkeys goes on with the recovery code alone, and signs out and in with it", async ({
  arrive,
  browser,
  server,
}) => {
  const { practitioner } = await startPractice(browser, server, "Dr. Vidal");
  const link = await invitePatient(practitioner, "Hugo");

  const patient = await arrive();
  await patient.context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "PublicKeyCredential");
  });
  const code = await acceptInvitation(patient, link, "Hugo Blanc", { passkey: false });
  await patient.page.getByRole("textbox", { name: "Message" }).waitFor();
  await write(patient, "I have no passkey");
  await openConversation(practitioner, "Hugo");
  await reads(practitioner, "I have no passkey");

  await patient.page.goto("/settings");
  await patient.page.getByRole("button", { name: "Sign out" }).click();
  const field = patient.page.getByRole("textbox", { name: "Recovery code" });
  await field.fill(code.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
  await patient.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await patient.page.getByRole("alert").first().waitFor();
  await field.fill(code);
  await patient.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await openConversation(patient, /Vidal/);
  await reads(patient, "I have no passkey");

  // I4: the link of an invitation that was used says so.
  const late = await arrive();
  await late.page.goto(link);
  await late.page.getByRole("heading", { name: /used/ }).waitFor();
});
