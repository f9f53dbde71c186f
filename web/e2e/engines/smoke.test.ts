import { describe, expect, test } from "vitest";
import { isThere } from "../../../scripts/machine/engines.mjs";
import type { Server } from "../harness/server.ts";
import { answersSince, watchAnswers } from "./answers.ts";
import {
  act,
  becomeAdministrator,
  edit,
  invite,
  makeAccount,
  openConversation,
  reads,
  readsNoMore,
  signInWithCode,
  textsOf,
  write,
} from "./journey.ts";
import { onStage } from "./stage.ts";
import { type Tab, role, text } from "./tab.ts";
import { ENGINES, SIZE } from "./wire.ts";

describe.each(ENGINES)("%s", (name) => {
  test.skipIf(!isThere(name))("two people join, talk, lose the server and change devices", () =>
    onStage(name, async ({ server, arrive }) => {
      const begun = Date.now();
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
      const code = await makeAccount(ana, "Ana Morales");
      await ana.sees(role("textbox", "Message", { exact: true }));
      const people = [sofia, ana] as const;

      await eachCommandHasOneAnswer(sofia, ana);
      await write(ana, "Yes, gladly");
      await reads(sofia, "Yes, gladly");

      await act(ana, "Shall we begin?", "Reply");
      await ana.sees(text("Reply to Dr. Herrera"));
      await write(ana, "With breakfast");
      for (const who of people) {
        await reads(who, "With breakfast");
        await who.sees(role("button", /Shall we begin\?/));
      }
      await edit(ana, "With breakfast", "With dinner");
      for (const who of people) {
        await reads(who, "With dinner");
        await readsNoMore(who, "With breakfast");
      }

      for (const who of people) {
        await who.reload();
        await reads(who, "With dinner");
      }
      await visitSettings(sofia);
      await visitSettings(ana);

      await writesWhileTheServerIsGone(ana, sofia, server);

      const newDevice = await arrive();
      await signInWithCode(newDevice, code);
      await openConversation(newDevice, "Dr. Herrera");
      for (const said of ["Shall we begin?", "Yes, gladly", "With dinner", "offline 2"])
        await reads(newDevice, said);
      await write(newDevice, "From my new device");
      for (const who of people) await reads(who, "From my new device");
      // Last: what it writes fills the log, and a reader who left off above does not follow what comes.
      await keepsItsPlace(ana, sofia);

      for (const who of [office, sofia, ana, newDevice]) expect(await who.errors()).toEqual([]);
      console.log(`${name}: ${((Date.now() - begun) / 60_000).toFixed(1)} minutes`);
    }),
  );
});

/** One Enter makes one message, here and there, and the engine runs once: each command is answered once. */
async function eachCommandHasOneAnswer(sofia: Tab, ana: Tab): Promise<void> {
  await watchAnswers(sofia);
  await write(sofia, "Shall we begin?");
  for (const who of [sofia, ana]) await reads(who, "Shall we begin?");
  for (const who of [sofia, ana])
    expect(await textsOf(who, "Shall we")).toEqual(["Shall we begin?"]);
  // An answer too many stays one too many; one that is still due comes.
  await expect
    .poll(async () => (await answersSince(sofia)).filter(({ answers }) => answers !== 1))
    .toEqual([]);
  expect((await answersSince(sofia)).map(({ name }) => name)).toContain("send");
}

/** In a window that the log does not fit into, what grows above the reader moves nothing, with or without scroll anchoring. */
async function keepsItsPlace(ana: Tab, sofia: Tab): Promise<void> {
  for (const part of ["First", "Then"]) {
    const told = `${part} ${"I went to the market. ".repeat(8).trim()}`;
    await write(ana, told);
    await reads(ana, told);
  }
  await ana.resize(700, 380);
  const above = SCROLLED_PX;
  await ana.until((by: number) => {
    const log = document.querySelector(".log");
    if (log === null || log.scrollHeight - log.clientHeight < by) return false;
    log.scrollTop = log.scrollHeight - log.clientHeight - by;
    return true;
  }, above);
  const place = (): Promise<number> =>
    ana.run(() =>
      Math.round(
        [...document.querySelectorAll("article")].at(-1)?.getBoundingClientRect().top ?? 0,
      ),
    );
  // In the other width every row is measured anew.
  await ana.until(async () => {
    const top = (): number | undefined =>
      [...document.querySelectorAll("article")].at(-1)?.getBoundingClientRect().top;
    const was = top();
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (top() !== was) return false;
    }
    return true;
  });
  const before = await place();
  const longer = `Shall we begin? ${"There is much to say. ".repeat(4).trim()}`;
  await edit(sofia, "Shall we begin?", longer);
  await ana.until(
    (wanted: string) => document.querySelector(".log")?.textContent?.includes(wanted) ?? false,
    longer,
  );
  await expect.poll(place).toBe(before);
  await edit(sofia, longer, "Shall we begin?");
  await reads(ana, "Shall we begin?");
  await ana.resize(SIZE.width, SIZE.height);
}

/** Far enough from the end for the log not to follow it. */
const SCROLLED_PX = 90;

/** By the app's own link, and by loading another page of it, as bookmarks do. */
async function visitSettings(who: Tab): Promise<void> {
  const conversation = await who.run(() => location.pathname);
  for (const leave of [
    () => who.click(role("link", "Settings")),
    () => who.leaveFor("/settings"),
  ]) {
    await leave();
    await who.sees(role("heading", "Appearance"));
    // Firefox would ask the person: not before they press here.
    if (who.engine === "firefox") await who.sees(role("button", "Keep my data here"));
    await who.back();
    await who.until((path: string) => location.pathname === path, conversation);
    await reads(who, "With dinner");
  }
}

/** What is written meanwhile waits, outlives a reload, and goes out once. */
async function writesWhileTheServerIsGone(ana: Tab, sofia: Tab, server: Server): Promise<void> {
  await server.kill();
  await ana.sees(text("Offline"));
  const written = ["offline 1", "offline 2"];
  for (const message of written) {
    await write(ana, message);
    await reads(ana, message);
  }
  await ana.sees(text("2 messages not sent yet"));
  await server.start();
  for (const message of written) await reads(sofia, message);
  for (const who of [ana, sofia]) expect(await textsOf(who, "offline ")).toEqual(written);
}
