import { expect } from "vitest";
import { openConversation, reads, textsOf, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

test("A4: two tabs of one device share the outbox: each message goes out once, both show all of them", async ({
  couple,
}) => {
  const { patient, practitioner } = couple;
  const second = { ...patient, page: await patient.context.newPage() };
  await second.page.goto("/");
  await openConversation(second, /Herrera/);
  const texts = Array.from({ length: 20 }, (_, i) => `both ${i + 1}`);
  for (const [i, text] of texts.entries()) await write(i % 2 ? second : patient, text);
  for (const who of [patient, second, practitioner]) {
    for (const text of texts) await reads(who, text);
    expect([...(await textsOf(who, "both "))].sort()).toEqual([...texts].sort());
  }
  expect(await textsOf(second, "both ")).toEqual(await textsOf(practitioner, "both "));

  // Without a network in either, then closed: the tab that is left sends what both wrote.
  patient.expects(/ERR_INTERNET_DISCONNECTED/);
  await patient.context.setOffline(true);
  await write(patient, "offline one");
  await write(second, "offline two");
  await reads(patient, "offline two");
  await second.page.close();
  await patient.context.setOffline(false);
  await reads(practitioner, "offline one");
  await reads(practitioner, "offline two");
  expect(await textsOf(practitioner, "offline ")).toEqual(["offline one", "offline two"]);
});
