import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { type Fakes, fakeModels, practitioner, summary } from "../fake-models.test-kit.ts";
import { mountApp, settled, unmount } from "../mount.test-kit.ts";
import { chooseShortcuts } from "../state/shortcuts.ts";
import { forgetList } from "./list-state.ts";
import { C2, conversationNamed } from "../../app/ids.test-kit.ts";

const before = location.href;
let fakes: Fakes;

beforeEach(async () => {
  forgetList();
  chooseShortcuts(true);
  await page.viewport(1440, 900);
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = Array.from({ length: 500 }, (_, n) =>
    summary(`c${n}`, `Patient ${n}`, { lastAt: 1_000_000 - n }),
  );
  await mountApp(fakes.models, "/");
  await vi.waitUntil(() => document.querySelector(".row") !== null);
});

afterEach(() => {
  unmount();
  history.replaceState(null, "", before);
});

const nav = () => page.getByRole("navigation", { name: "Conversations" }).element();
const search = () => page.getByRole("searchbox", { name: "Find a conversation" });
const links = (): string[] =>
  Array.from(nav().querySelectorAll(".row-title"), (title) => title.textContent);
const focused = (): string =>
  document.activeElement?.querySelector(".row-title")?.textContent ?? "";
const link = (n: number) =>
  page.getByRole("navigation").getByRole("link", { name: new RegExp(`^Patient ${n} `) });

describe("a list of 500", () => {
  it("has in the document what is in sight, each row with its place of all", async () => {
    expect(links().length).toBeLessThan(40);
    const first = nav().querySelector("li");
    expect(first?.getAttribute("aria-setsize")).toBe("500");
    expect(first?.getAttribute("aria-posinset")).toBe("1");
    nav().scrollTop = 12_000;
    await expect.poll(() => links()).toContain("Patient 200");
    expect(links()).not.toContain("Patient 0");
  });

  it("is found by name and keeps filter and place while the settings are open", async () => {
    nav().scrollTop = 6_000;
    await expect.poll(() => links()).toContain("Patient 100");
    await settled();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Back" }).click();
    await expect.poll(() => links()).toContain("Patient 100");
    await search().fill("499");
    await expect.poll(() => links()).toEqual(["Patient 499"]);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Back" }).click();
    await expect.element(search()).toHaveValue("499");
  });
});

describe("the keyboard", () => {
  it("walks with arrows and letters as far as the list goes, also to what was not in the document", async () => {
    await userEvent.keyboard("j");
    await expect.poll(focused).toBe("Patient 0");
    await userEvent.keyboard("{ArrowDown}j{ArrowDown}k");
    await expect.poll(focused).toBe("Patient 2");
    await userEvent.keyboard("{End}");
    await expect.poll(focused).toBe("Patient 499");
    await userEvent.keyboard("{ArrowUp}");
    await expect.poll(focused).toBe("Patient 498");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => location.pathname).toBe(`/c/${conversationNamed("c498")}`);
  });

  it("finds with a slash, and letters typed there are letters", async () => {
    await userEvent.keyboard("/");
    await expect.element(search()).toHaveFocus();
    await userEvent.keyboard("j?/");
    await expect.element(search()).toHaveValue("j?/");
    await userEvent.keyboard("{Escape}");
    await expect.element(search()).toHaveValue("");
    await userEvent.keyboard("{ArrowDown}");
    await expect.poll(focused).toBe("Patient 0");
  });

  it("lists its shortcuts, and leaves letters alone when they are switched off", async () => {
    await userEvent.keyboard("?");
    await expect.element(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    chooseShortcuts(false);
    await userEvent.keyboard("/?j");
    await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
    expect(document.activeElement).not.toBe(search().element());
    expect(focused()).toBe("");
  });
});

describe("the menu of a row", () => {
  it("moves with arrows around its ends, and Escape gives the focus back", async () => {
    const button = page.getByRole("button", { name: "Actions for Patient 1", exact: true });
    button.element().focus();
    await userEvent.keyboard("{Enter}");
    await expect.element(page.getByRole("menuitem", { name: "Pin" })).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(page.getByRole("menuitem", { name: "Archive" })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    await expect.element(page.getByRole("menuitem", { name: "Mute" })).toHaveFocus();
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByRole("menu")).not.toBeInTheDocument();
    await expect.element(button).toHaveFocus();
  });

  it("mutes until when one chooses; Escape goes back a step, and the row says until when", async () => {
    await link(2).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Mute" }).click();
    await expect.element(page.getByRole("menu", { name: "Mute" })).toBeVisible();
    await expect.element(page.getByRole("menuitem", { name: "For 1 hour" })).toHaveFocus();
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByRole("menuitem", { name: "Mute" })).toHaveFocus();
    await userEvent.keyboard("{Enter}{ArrowDown}");
    await expect.element(page.getByRole("menuitem", { name: /^Until tomorrow/ })).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(page.getByRole("menu")).not.toBeInTheDocument();
    const until = new Date();
    until.setDate(until.getDate() + 1);
    expect(fakes.calls).toEqual([["setMuted", [C2, true, until.setHours(8, 0, 0, 0)]]]);
    const muted = page.getByRole("link", { name: /^Patient 2 .*Muted until .*0?8:00/ });
    await expect.element(muted).toBeVisible();

    await link(2).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Unmute" }).click();
    await expect.element(muted).not.toBeInTheDocument();
    await link(2).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Mute" }).click();
    await page.getByRole("menuitem", { name: "Always" }).click();
    await expect.element(page.getByRole("link", { name: /^Patient 2 .* Muted$/ })).toBeVisible();
  });

  it("pins, and archives with the focus staying in the list", async () => {
    await link(3).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Pin" }).click();
    await expect.poll(() => links()[0]).toBe("Patient 3");
    expect(fakes.calls).toEqual([["setPinned", [conversationNamed("c3"), true]]]);
    link(0).element().focus();
    await link(0).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Archive" }).click();
    await expect.poll(() => links().slice(0, 2)).toEqual(["Patient 3", "Patient 1"]);
    await expect.poll(focused).toBe("Patient 1");
  });
});

it("archives several at once and takes it back", async () => {
  await page.getByRole("button", { name: "Select" }).click();
  await page.getByRole("checkbox", { name: /^Patient 0 / }).click();
  await page.getByRole("checkbox", { name: /^Patient 2 / }).click();
  await expect.element(page.getByText("2 selected")).toBeVisible();
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await expect.poll(() => links().slice(0, 2)).toEqual(["Patient 1", "Patient 3"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => links().slice(0, 2)).toEqual(["Patient 0", "Patient 1"]);
  expect(fakes.calls).toEqual([
    ["setArchived", [conversationNamed("c0"), C2, true]],
    ["setArchived", [conversationNamed("c0"), C2, false]],
  ]);
});

it("says when nothing fits, and where it is instead", async () => {
  fakes.list.value = [summary("a", "Ana"), summary("b", "Berta", { archived: true })];
  await search().fill("berta");
  await page.getByRole("button", { name: "Show in the archive · 1" }).click();
  await expect.poll(() => links()).toEqual(["Berta"]);
  await search().fill("");
  await page.getByRole("button", { name: /^Unread/ }).click();
  await expect
    .element(page.getByRole("heading", { name: "You have read everything" }))
    .toBeVisible();
});

it("shows what was written and not sent in place of the last message", async () => {
  fakes.list.value = [summary("a", "Ana", { draft: "half a sentence" }), summary("b", "Berta")];
  const invited = summary("c", "Carla", { state: "invited", preview: null, draft: "welcome" });
  fakes.list.value = [...fakes.list.value, invited];
  await expect.element(page.getByRole("link", { name: /^Carla .*Draft: welcome/ })).toBeVisible();
  await expect
    .element(page.getByRole("link", { name: /^Ana .*Draft: half a sentence/ }))
    .toBeVisible();
  expect(document.body.textContent).toContain("Thank you, that helps a lot");
});

it("M5 says of a last message that was deleted that it was, and whose it was", async () => {
  const deleted = { text: "", deleted: true };
  fakes.list.value = [
    summary("a", "Ana", { lastAt: 3, preview: { own: false, ...deleted } }),
    summary("b", "Berta", { lastAt: 2, preview: { own: true, ...deleted } }),
    summary("c", "Carla", {
      lastAt: 1,
      preview: { own: false, text: "I ate well", deleted: false },
    }),
  ];
  const lines = (): string[] =>
    Array.from(nav().querySelectorAll(".row-text"), (line) => line.textContent);
  await expect.poll(lines).toEqual(["Message deleted", "You: Message deleted", "I ate well"]);
});
