import { expect } from "vitest";
import { startPractice } from "./harness/couple.ts";
import {
  acceptInvitation,
  invitePatient,
  openConversation,
  reads,
  signInWithCode,
  textsOf,
  write,
} from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const COUNT = 50;

test("two people talk, reload, and find everything on new devices", async ({
  arrive,
  browser,
  server,
}) => {
  const { practitioner: sofia } = await startPractice(browser, server, "Dr. Sofía Herrera");
  const patientLink = await invitePatient(sofia, "Ana M.");
  await openConversation(sofia, /Ana M\./);
  await write(sofia, "Welcome, Ana");
  await reads(sofia, "Welcome, Ana");
  await sofia.page.getByText("Sent", { exact: true }).first().waitFor({ state: "attached" });

  // I2: nobody needs to be online while the patient joins.
  await sofia.page.goto("about:blank");
  const ana = await arrive({ context: PHONE });
  const code = await acceptInvitation(ana, patientLink, "Ana Morales");
  await reads(ana, "Welcome, Ana");
  expect(ana.urls.join("\n")).not.toContain(new URL(patientLink).hash.slice(1));

  await sofia.page.goto("/");
  await openConversation(sofia, /Ana M\./);
  for (let i = 1; i <= COUNT; i++) {
    const [who, other] = i % 2 ? [ana, sofia] : [sofia, ana];
    await write(who, `message ${i}`);
    if (i % 10 === 0) await reads(other, `message ${i}`);
  }
  const expected = Array.from({ length: COUNT }, (_, i) => `message ${i + 1}`);
  for (const who of [ana, sofia]) {
    // The two write at the same time: which of the last ones arrives last is open.
    await expect
      .poll(async () => [...(await textsOf(who, "message "))].sort(), { timeout: 20_000 })
      .toEqual([...expected].sort());
  }
  // The same for both (decision "one order").
  expect(await textsOf(ana, "message ")).toEqual(await textsOf(sofia, "message "));

  const order = await textsOf(sofia, "message ");
  for (const who of [ana, sofia]) {
    await who.page.reload();
    await reads(who, order.at(-1) ?? "");
    expect(await textsOf(who, "message ")).toEqual(order);
  }

  // K13: a new browser with an authenticator of its own, by the recovery code.
  const newPhone = await arrive({ context: PHONE });
  await newPhone.page.goto("/");
  await signInWithCode(newPhone, code.toLowerCase());
  await openConversation(newPhone, /Sofía/);
  await findsEverything(newPhone, order);

  // The same page as a new device: passkey and PRF open everything, without the code.
  await ana.becomeNewDevice();
  await ana.page.goto("/");
  await ana.page.getByRole("button", { name: "Sign in with passkey" }).click();
  await openConversation(ana, /Sofía/);
  await findsEverything(ana, order);
  await write(ana, "from the third device");
  await reads(sofia, "from the third device");
  await reads(newPhone, "from the third device");

  // K7: a copied passkey signs in, but has no PRF: the recovery code is asked for.
  const copied = await arrive();
  await ana.authenticator.copyTo(copied.authenticator);
  await copied.page.goto("/");
  await copied.page.getByRole("button", { name: "Sign in with passkey" }).click();
  await copied.page.getByRole("textbox", { name: "Recovery code" }).fill(code);
  await copied.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await openConversation(copied, /Sofía/);
  await reads(copied, "from the third device");
});

/** Scrolls up until the whole conversation is there. */
async function findsEverything(who: Person, order: readonly string[]): Promise<void> {
  await reads(who, order.at(-1) ?? "");
  await expect.poll(() => textsOf(who, "message "), { timeout: 60_000 }).toEqual(order);
}
