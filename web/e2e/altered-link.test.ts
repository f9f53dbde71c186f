import { expect } from "vitest";
import { decodeLink, encodeLink } from "../core/invitation/link.ts";
import {
  acceptInvitation,
  becomeAdministrator,
  invitePatient,
  invitePractitioner,
} from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

/** The same invitation, said to come from another account. */
function altered(text: string): string {
  const url = new URL(text);
  const link = decodeLink(url.hash.slice(1));
  const inviter = link.inviter.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
  url.hash = encodeLink({ ...link, inviter });
  return url.href;
}

test("I3 a link whose fingerprint was changed ends in a screen that says so, and is not tried again", async ({
  arrive,
  server,
}) => {
  const office = await arrive();
  await becomeAdministrator(office, server.setupToken);
  const practitioner = await arrive();
  await acceptInvitation(practitioner, await invitePractitioner(office, "Dr. Ruiz"), "Dr. Ruiz");
  const link = await invitePatient(practitioner, "Ana M.");

  const patient = await arrive();
  await acceptInvitation(patient, altered(link), "Ana Morales");
  const { page } = patient;
  await page.getByRole("heading", { name: "This link was changed" }).waitFor();
  expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  expect(await patient.accessibilityViolations()).toEqual([]);

  // Nothing of it is tried at the next start; the true link still works.
  await page.goto("/");
  await page.reload();
  await page.goto(link);
  await page.getByRole("button", { name: "Join conversation" }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
});
