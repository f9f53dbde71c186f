import { describe, expect, test } from "vitest";
import { isThere } from "../../../scripts/machine/engines.mjs";
import {
  becomeAdministrator,
  invite,
  makeAccount,
  openConversation,
  reads,
  write,
} from "./journey.ts";
import { onStage } from "./stage.ts";
import { role } from "./tab.ts";
import { ENGINES } from "./wire.ts";

describe.each(ENGINES)("%s", (name) => {
  test.skipIf(!isThere(name))("two people talk", () =>
    onStage(name, async ({ server, arrive }) => {
      const office = await arrive();
      await becomeAdministrator(office, server.setupToken);
      const toSofia = await invite(office, "Invite practitioner", "Dr. Herrera");
      const sofia = await arrive();
      await sofia.goto(toSofia);
      await makeAccount(sofia, "Dr. Herrera");
      const toAna = await invite(sofia, "Invite patient", "Ana M.");
      await openConversation(sofia, "Ana M.");
      const ana = await arrive();
      await ana.goto(toAna);
      await makeAccount(ana, "Ana Morales");
      await ana.sees(role("textbox", "Message", { exact: true }));
      await write(sofia, "Shall we begin?");
      await reads(ana, "Shall we begin?");
      expect(await ana.errors()).toEqual([]);
    }),
  );
});
