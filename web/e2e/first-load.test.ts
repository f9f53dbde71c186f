import { expect } from "vitest";
import { filesUntilConversation, filesUntilSignIn } from "../../scripts/build/size.mjs";
import {
  acceptInvitation,
  becomeAdministrator,
  invitePatient,
  invitePractitioner,
  openConversation,
  reads,
  write,
} from "./harness/journey.ts";
import { person } from "./harness/person.ts";
import { slowSite } from "./harness/slow-site.ts";
import { test } from "./harness/stage.ts";

const isScript = (file: string): boolean => file.endsWith(".js");

// `npm run size` weighs these files; that the screen needs no other is shown here.
test("the sign-in screen appears with the scripts that its size counts", async ({
  browser,
  server,
}) => {
  const counted = filesUntilSignIn();
  const site = await slowSite(server.origin);
  site.hold((file) => isScript(file) && !counted.has(file));
  const visitor = await person(browser, site.origin);
  await visitor.page.goto("/");
  await visitor.page.getByRole("button", { name: "Sign in with passkey" }).waitFor();
  // The browser opens six connections at most, so which of the others it asks for is left open.
  await expect.poll(() => site.missed.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(visitor.problems()).toEqual([]);
  expect(await visitor.accessibilityViolations()).toEqual([]);
  await visitor.leave();
  site.close();
});

test("a conversation appears and takes a message with the scripts that its size counts", async ({
  browser,
  server,
}) => {
  const site = await slowSite(server.origin);
  const office = await person(browser, site.origin);
  await becomeAdministrator(office, server.setupToken);
  // A service worker would have all of it; a first visit has none.
  const practitioner = await person(browser, site.origin, { context: { serviceWorkers: "block" } });
  const { page } = practitioner;
  await acceptInvitation(practitioner, await invitePractitioner(office, "Dr. Herrera"), "Herrera");
  await invitePatient(practitioner, "Ana M.");
  await openConversation(practitioner, "Ana M.");
  await write(practitioner, "Before");
  await reads(practitioner, "Before");
  const waiting = page.getByText("Waiting to be sent");
  await expect.poll(() => waiting.count(), { timeout: 20_000 }).toBe(0);

  const counted = filesUntilConversation();
  site.hold((file) => isScript(file) && !counted.has(file));
  await page.goto("/icon.svg");
  await (await practitioner.context.newCDPSession(page)).send("Network.clearBrowserCache");
  await page.goto("/");
  await openConversation(practitioner, "Ana M.");
  await reads(practitioner, "Before");
  await write(practitioner, "Beforehand");
  await reads(practitioner, "Beforehand");
  await waiting.first().waitFor({ state: "attached" });
  const isPublicKey = (file: string) => file.startsWith("public-key");
  expect(site.missed.some(isPublicKey)).toBe(true);

  // It fails once: what was written waits, and the next attempt sends it.
  practitioner.expects(/503/);
  site.letThrough(isPublicKey);
  await expect.poll(() => waiting.count(), { timeout: 30_000 }).toBe(0);
  expect(practitioner.problems()).toEqual([]);
  await practitioner.leave();
  await office.leave();
  site.close();
});
