import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
import { role, within } from "./tab.ts";
import { ENGINES } from "./wire.ts";

const composer = role("textbox", "Message", { exact: true });

/** A goal on a machine that does nothing else; on one that is busy with tests it may take this much more. */
const USABLE_MS = 2_000;
const BUSY = 3;

const elsewhere = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html").end("<title>Elsewhere</title><h1>Elsewhere</h1>");
});
/** By its number: Thyme has asked for HTTPS on every port of the name (HSTS). */
let otherSite: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  otherSite = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
});
afterAll(() => void elsewhere.close());

describe.each(ENGINES)("%s", (name) => {
  test.skipIf(!isThere(name))(
    "K8: a page that is put away holds nothing up, and nothing typed in it is lost",
    () =>
      onStage(
        name,
        async ({ server, arrive }) => {
          const office = await arrive();
          await becomeAdministrator(office, server.setupToken);
          const toSofia = await invite(office, "Invite practitioner", "Dr. Herrera");
          await office.close();
          const sofia = await arrive();
          await sofia.goto(toSofia);
          await makeAccount(sofia, "Dr. Herrera");
          await invite(sofia, "Invite patient", "Ana M.");
          await openConversation(sofia, "Ana M.");
          const home = await sofia.run(() => location.pathname);
          await write(sofia, "written first");
          await reads(sofia, "written first");

          const times: number[] = [];
          const usable = async (work: () => Promise<void>, sees: string): Promise<void> => {
            const began = performance.now();
            await work();
            await sofia.sees(sees);
            times.push(Math.round(performance.now() - began));
          };
          let box = "";
          const typeOn = async (words: string): Promise<void> => {
            await sofia.click(composer);
            await sofia.press("End");
            await sofia.type(words);
            box += words;
          };
          /** What was typed is there, and the engine behind it works: it takes a message. */
          const goOn = async (): Promise<void> => {
            await expect.poll(() => sofia.value(composer)).toBe(box);
            await sofia.press("Enter");
            await reads(sofia, box);
            box = "";
          };
          const settings = role("heading", "Appearance");
          const row = within(role("navigation", "Conversations"), role("link", "Ana M."));
          let wasKept = false;
          for (let round = 1; times.length < 20; round += 1) {
            await typeOn(`first ${round}`);
            await sofia.run(() => {
              addEventListener("pageshow", ({ persisted }) => {
                if (persisted) document.documentElement.dataset["persisted"] = "yes";
              });
            });
            await usable(() => sofia.leaveFor("/settings"), settings);
            await usable(() => sofia.back(), composer);
            wasKept ||= await sofia.run(
              () => document.documentElement.dataset["persisted"] === "yes",
            );
            await sofia.click(composer);
            await goOn();
            await typeOn(`then ${round}`);
            await sofia.leaveFor(otherSite);
            await usable(() => sofia.leaveFor("/"), row);
            await usable(() => sofia.leaveFor(home), composer);
            await sofia.click(composer);
            await goOn();
          }
          console.log(`${name}: ${times.join(", ")} ms; from the cache: ${wasKept}`);
          // What it does not hold cannot hold anything up; a page of this machine, without HTTPS, it does hold.
          if (name === "webkit") expect(wasKept).toBe(false);
          expect(times.filter((time) => time > USABLE_MS * BUSY)).toEqual([]);
          expect(await sofia.errors()).toEqual([]);
        },
        { https: name === "webkit" },
      ),
  );
});
