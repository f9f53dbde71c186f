import { expect } from "vitest";
import { openConversation, reads, textsOf, worksOffline, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const COUNT = 30;

test("messages written without a network outlive the tab and go out once, in order", async ({
  couple,
}) => {
  const { patient, practitioner } = couple;
  await worksOffline(patient);
  patient.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await patient.context.setOffline(true);
  const status = patient.page.getByRole("status");
  await status
    .getByText("Offline")
    .or(status.filter({ hasText: "Offline" }))
    .first()
    .waitFor();

  const texts = Array.from({ length: COUNT }, (_, i) => `offline ${i + 1}`);
  for (const text of texts) await write(patient, text);
  await reads(patient, texts.at(-1) ?? "");
  await patient.page.getByText(`${COUNT} messages not sent yet`).first().waitFor();
  await patient.page.getByRole("textbox", { name: "Message" }).pressSequentially("half a sen");
  // The last moments of typing go when the page is put away; a tab that is killed may lose them.
  await patient.page.waitForTimeout(2_000);
  await patient.page.close();

  const again = { ...patient, page: await patient.context.newPage() };
  await again.page.goto("/");
  await openConversation(again, /Herrera/);
  await reads(again, "Shall we begin?");
  await reads(again, texts.at(-1) ?? "");
  await expect.poll(() => textsOf(again, "offline "), { timeout: 60_000 }).toEqual(texts);
  await again.page.getByText("Waiting to be sent").first().waitFor({ state: "attached" });
  const composer = again.page.getByRole("textbox", { name: "Message" });
  await expect.poll(() => composer.inputValue()).toBe("half a sen");
  await again.page.reload();
  await expect.poll(() => composer.inputValue()).toBe("half a sen");
  await write(again, "offline last");
  await reads(again, "offline last");

  await patient.context.setOffline(false);
  await reads(practitioner, "offline last");
  expect(await textsOf(practitioner, "offline ")).toEqual([...texts, "offline last"]);
  await expect.poll(() => again.page.getByText("Waiting to be sent").count()).toBe(0);
});
