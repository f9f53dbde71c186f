import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { fromBase64url } from "../../workers/protocol/bytes.ts";
import { decodeLogItem } from "../../workers/protocol/frames.ts";
import { reads, readsNoMore, worksOffline, write } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const log = ({ page }: Person): Locator => page.getByRole("log", { name: "Messages" });

const messageWith = (who: Person, text: string): Locator =>
  log(who)
    .getByRole("article")
    // A quote of it is no paragraph.
    .filter({ has: who.page.locator("p", { hasText: text }) })
    .last();

/** Chooses from the menu of a message, by its button. */
async function act(who: Person, text: string, action: string): Promise<void> {
  const message = messageWith(who, text);
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await who.page.getByRole("menuitem", { name: action }).click();
}

const isClean = async (who: Person): Promise<void> =>
  expect(await who.accessibilityViolations()).toEqual([]);

test("what can be done without the other side works in the real app, offline as well", async ({
  couple,
}) => {
  const { practitioner: sofia } = couple;
  await write(sofia, "See https://example.com/plan, please");
  const link = log(sofia).getByRole("link", { name: "https://example.com/plan" });
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");

  await act(sofia, "See https://example.com/plan", "Copy text");
  await sofia.page.getByText("Copied").waitFor();
  expect(await sofia.page.evaluate(() => navigator.clipboard.readText())).toBe(
    "See https://example.com/plan, please",
  );

  // The emoji are kept with the app: the page has loaded none of them yet.
  await worksOffline(sofia);
  const loaded = await sofia.page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  expect(loaded.filter((url) => url.includes("emoji"))).toEqual([]);
  await sofia.context.setOffline(true);
  await sofia.page.getByRole("button", { name: "Emoji", exact: true }).click();
  await sofia.page.getByRole("searchbox", { name: "Search emoji" }).fill("avocado");
  await sofia.page.getByRole("button", { name: "avocado" }).click();
  await sofia.page.keyboard.press("Escape");
  await isClean(sofia);
  const composer = sofia.page.getByRole("textbox", { name: "Message" });
  await expect.poll(() => composer.inputValue()).toBe("🥑");
  await composer.press("Enter");
  await reads(sofia, "🥑");
  await sofia.context.setOffline(false);

  expect(sofia.urls.filter((url) => url.includes("example.com")).length).toBe(0);
});

test("M5 two people answer, edit, react and delete, and both see the same", async ({ couple }) => {
  const { practitioner: sofia, patient: ana } = couple;
  const people = [sofia, ana];

  await write(ana, "Are lentils fine in the evening?");
  await reads(sofia, "Are lentils fine in the evening?");

  await act(sofia, "Are lentils fine in the evening?", "Reply");
  await sofia.page.getByText("Reply to Ana Morales").waitFor();
  await isClean(sofia);
  await write(sofia, "Yes, half a plate");
  for (const who of people) {
    await reads(who, "Yes, half a plate");
    const answer = messageWith(who, "Yes, half a plate");
    await answer.getByRole("button", { name: /Are lentils fine in the evening\?/ }).waitFor();
  }

  await act(sofia, "Yes, half a plate", "Edit");
  const edit = sofia.page.getByRole("textbox", { name: "Edit message" });
  await expect.poll(() => edit.inputValue()).toBe("Yes, half a plate");
  await isClean(sofia);
  await edit.fill("Yes, a whole plate");
  // What is not saved yet is there again after a reload; it is kept in pauses of a second, and nothing shows it.
  await sofia.page.waitForTimeout(1_500);
  await sofia.page.reload();
  await expect.poll(() => edit.inputValue(), { timeout: 30_000 }).toBe("Yes, a whole plate");
  await edit.press("Enter");
  for (const who of people) {
    await reads(who, "Yes, a whole plate");
    await messageWith(who, "Yes, a whole plate").getByText("edited", { exact: true }).waitFor();
    await readsNoMore(who, "Yes, half a plate");
  }

  await act(ana, "Yes, a whole plate", "React");
  await isClean(ana);
  await ana.page.getByRole("toolbar", { name: "React" }).getByRole("button").first().click();
  await ana.page.getByRole("button", { name: "👍 from you" }).waitFor();
  await sofia.page.getByRole("button", { name: "👍 from Ana Morales" }).click();
  await ana.page.getByRole("button", { name: "👍 2 from Dr. Herrera and you" }).click();
  await sofia.page.getByRole("button", { name: "👍 from you" }).waitFor();
  await isClean(sofia);

  await act(ana, "Yes, a whole plate", "React");
  await ana.page.getByRole("button", { name: "More emoji" }).click();
  await ana.page.getByRole("searchbox", { name: "Search emoji" }).fill("broccoli");
  await isClean(ana);
  await ana.page.getByRole("button", { name: "broccoli" }).click();
  await sofia.page.getByRole("button", { name: "🥦 from Ana Morales" }).waitFor();

  await act(ana, "Are lentils fine in the evening?", "Delete for everyone");
  const dialog = ana.page.getByRole("dialog", { name: "Delete this message?" });
  await isClean(ana);
  await dialog.getByRole("button", { name: "Delete for everyone" }).click();
  await log(ana)
    .getByText(/You deleted this message/)
    .waitFor();
  await log(sofia)
    .getByText(/Deleted by Ana Morales/)
    .waitFor();
  for (const who of people) {
    await messageWith(who, "Yes, a whole plate").getByText("A deleted message").waitFor();
    await readsNoMore(who, "Are lentils fine");
  }

  // What was agreed on is what the server has, not only what these pages remember.
  for (const who of people) {
    await who.page.reload();
    await reads(who, "Yes, a whole plate");
    await log(who).getByText("A deleted message").waitFor();
    await log(who)
      .getByRole("button", { name: /^🥦 from/ })
      .waitFor();
    await isClean(who);
  }
});

/** Places of the open conversation's log that the server still has something at. */
const placesAtServer = async ({ page }: Person): Promise<number[]> => {
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const items = await page.evaluate(async (conversation) => {
    const answer = await fetch(`/api/conversations/${conversation}/log?after=0&limit=200`);
    const { items: found }: { items: string[] } = await answer.json();
    return found;
  }, id);
  return items.map((item) => decodeLogItem(fromBase64url(item)).seq);
};

test("M5 an edit that was under way when its message was deleted is gone at the server as well", async ({
  couple,
}) => {
  const { practitioner: sofia, patient: ana } = couple;
  await write(ana, "I weigh 82 kilos");
  await reads(sofia, "I weigh 82 kilos");
  const before = await placesAtServer(sofia);
  const message = Math.max(...before);

  // Without a network both wait, and the edit may be out: it cannot be taken back.
  await ana.context.setOffline(true);
  await act(ana, "I weigh 82 kilos", "Edit");
  const edit = ana.page.getByRole("textbox", { name: "Edit message" });
  await edit.fill("I weigh 92 kilos");
  await edit.press("Enter");
  await act(ana, "I weigh 92 kilos", "Delete for everyone");
  await ana.page
    .getByRole("dialog", { name: "Delete this message?" })
    .getByRole("button", { name: "Delete for everyone" })
    .click();
  await log(ana)
    .getByText(/You deleted this message/)
    .last()
    .waitFor();
  await ana.context.setOffline(false);

  const gone = before.filter((seq) => seq !== message);
  // The edit and the deletion that does not know it, and the one that names it.
  await expect
    .poll(() => placesAtServer(sofia), { timeout: 60_000, interval: 500 })
    .toEqual([...gone, message + 2, message + 3]);
  for (const who of [ana, sofia]) {
    await who.page.reload();
    await log(who)
      .getByText(/deleted/i)
      .last()
      .waitFor();
    expect(await log(who).getByText("kilos").count()).toBe(0);
    expect(await log(who).getByText("A message is missing").count()).toBe(0);
  }
});
