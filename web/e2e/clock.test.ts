import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import {
  acceptInvitation,
  becomeAdministrator,
  invitePatient,
  invitePractitioner,
  openConversation,
  reads,
  write,
} from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const AHEAD_MS = 26 * 3_600_000;

const WRONG_CLOCK = `{
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(Real.now() + ${AHEAD_MS});
      else super(...given);
    }
    static now() {
      return Real.now() + ${AHEAD_MS};
    }
  };
}
`;

/** In the page and in its engine, which has a clock of its own. */
async function setClockAhead(context: BrowserContext): Promise<void> {
  await context.addInitScript(WRONG_CLOCK);
  await context.route(/\/engine\.worker.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: WRONG_CLOCK + (await response.text()) });
  });
}

test("T1: who has a clock that is a day ahead joins, invites and writes all the same", async ({
  arrive,
  server,
}) => {
  const office = await arrive();
  await becomeAdministrator(office, server.setupToken);
  const invitation = await invitePractitioner(office, "Dr. Ruiz");

  const practitioner = await arrive({ context: { serviceWorkers: "block" } });
  await setClockAhead(practitioner.context);
  await acceptInvitation(practitioner, invitation, "Dr. Ruiz");
  const link = await invitePatient(practitioner, "Ana M.");
  const day = await practitioner.page.evaluate(() => Date.now());
  expect(day).toBeGreaterThan(Date.now() + AHEAD_MS - 60_000);
  await openConversation(practitioner, "Ana M.");
  await write(practitioner, "Welcome");

  // What was written a moment ago can be changed: the page goes by the corrected clock as well.
  const { page } = practitioner;
  const message = page.getByRole("article").filter({ hasText: "Welcome" }).last();
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).waitFor();
  await page.keyboard.press("Escape");

  // Only a conversation that the server has accepted can be joined.
  const patient = await arrive();
  await acceptInvitation(patient, link, "Ana Morales");
  await reads(patient, "Welcome");
});
