import type { Page } from "playwright-core";
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

/** As a failing disk leaves it: one record of each store, and the identity and the wrapped key with `also`. */
const damage = (page: Page, also: readonly string[] = []): Promise<string[]> =>
  page.evaluate(async (more) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("thyme");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const done: string[] = [];
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const store of db.objectStoreNames) {
      const whole = store === "local" || store === "state";
      const tx = db.transaction(store, "readwrite");
      for (const key of await answer(tx.objectStore(store).getAllKeys())) {
        if (whole ? !more.includes(`${store}/${JSON.stringify(key)}`) : done.includes(store))
          continue;
        const garbage = new Uint8Array(60).fill(7);
        const value = store === "local" ? { key: 1, iv: garbage, wrapped: garbage } : garbage;
        await answer(tx.objectStore(store).put(value, key));
        done.push(store);
      }
    }
    db.close();
    return done;
  }, also);

const notice = (page: Page) => page.getByRole("region", { name: "This device" });

test("E1 a store with one damaged record of each kind still opens, says so, and heals", async ({
  arrive,
  server,
}) => {
  const office = await arrive();
  await becomeAdministrator(office, server.setupToken);
  const practitioner = await arrive();
  await acceptInvitation(practitioner, await invitePractitioner(office, "Dr. Ruiz"), "Dr. Ruiz");
  const patient = await arrive();
  await acceptInvitation(patient, await invitePatient(practitioner, "Ana M."), "Ana Morales");
  await openConversation(practitioner, "Ana M.");
  await write(practitioner, "Welcome");
  await reads(patient, "Welcome");
  await write(patient, "Good morning");
  await reads(practitioner, "Good morning");

  const { page } = practitioner;
  expect(await notice(page).textContent()).toBe("");
  const damaged = await damage(page);
  expect(new Set(damaged).size).toBeGreaterThanOrEqual(6);
  await page.reload();
  await notice(page)
    .getByText(/It was fetched again/)
    .waitFor();
  await reads(practitioner, "Welcome");
  await reads(practitioner, "Good morning");
  await write(practitioner, "All is here");
  await reads(patient, "All is here");
  await notice(page).getByRole("button", { name: "Close" }).click();
  await expect.poll(() => notice(page).textContent()).toBe("");

  // Healed: the next start has nothing to say.
  await page.reload();
  await reads(practitioner, "All is here");
  expect(await notice(page).textContent()).toBe("");

  // Even who this device is, and the key of everything, cost a sign-in at most.
  for (const lost of ['state/"identity"', 'local/"key"']) {
    // With no engine at work, which would write again what it knows.
    await page.goto("/icon.svg");
    await damage(page, [lost]);
    await page.goto("/");
    await page.getByRole("button", { name: "Sign in with passkey" }).waitFor();
    await notice(page)
      .getByText(/can no longer be read/)
      .waitFor();
    await page.getByRole("button", { name: "Sign in with passkey" }).click();
    await openConversation(practitioner, "Ana M.");
    await reads(practitioner, "All is here");
  }
});
