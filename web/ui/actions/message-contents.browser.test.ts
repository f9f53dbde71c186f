import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Delivery } from "../../app/timeline.ts";
import { unmount } from "../mount.test-kit.ts";
import { text } from "../text/language.ts";
import { article, choose, menuNames, menuOf, said, SENT, showLog } from "./log.test-kit.ts";
import { messageNamed } from "../../app/ids.test-kit.ts";

let log: Awaited<ReturnType<typeof showLog>>;
beforeEach(async () => {
  log = await showLog();
});
afterEach(unmount);

describe("reactions", () => {
  const reactions = [
    { emoji: "👍", names: ["Ana", "Dr. Sofía Herrera"], own: true },
    { emoji: "❤️", names: ["Ana"], own: false },
  ];
  beforeEach(() => log.show([said(1, "Good morning", null, { reactions }), said(2, "x", SENT)]));

  it("say who chose them, and which is one's own", async () => {
    const own = page.getByRole("button", { name: "👍 2 from Ana and you" });
    await expect.element(own).toHaveAttribute("aria-pressed", "true");
    await expect.element(own).toHaveTextContent("2");
    await expect
      .element(page.getByRole("button", { name: "❤️ from Ana" }))
      .toHaveAttribute("aria-pressed", "false");
  });

  it("M5 are taken back and joined by a press", async () => {
    await page.getByRole("button", { name: "👍 2 from Ana and you" }).click();
    await page.getByRole("button", { name: "❤️ from Ana" }).click();
    expect(log.calls("react")).toEqual([
      { seq: 1, emoji: null },
      { seq: 1, emoji: "❤️" },
    ]);
  });

  it("are chosen from a row of six, which knows the own one", async () => {
    await menuOf("m1");
    await choose("React");
    const quick = page.getByRole("toolbar", { name: "React" });
    await expect.element(quick.getByRole("button", { name: "Thumbs up" })).toHaveFocus();
    expect(quick.getByRole("button").elements().length).toBe(7);
    await expect
      .element(quick.getByRole("button", { name: "Thumbs up" }))
      .toHaveAttribute("aria-pressed", "true");
    await userEvent.keyboard("{ArrowRight}{Enter}");
    expect(log.calls("react")).toEqual([{ seq: 1, emoji: "❤️" }]);
    await expect.element(quick).not.toBeInTheDocument();
    await expect.element(article("m1")).toHaveFocus();
  });

  it("are chosen from all emoji", async () => {
    await menuOf("m2");
    await choose("React");
    await page.getByRole("button", { name: "More emoji" }).click();
    await page.getByRole("searchbox", { name: "Search emoji" }).fill("avocado");
    await page.getByRole("button", { name: "avocado" }).click();
    expect(log.calls("react")).toEqual([{ seq: 2, emoji: "🥑" }]);
    await expect.element(page.getByRole("dialog", { name: "React" })).not.toBeInTheDocument();
  });
});

describe("what stands in a message", () => {
  it("an address is a link that gives nothing away", async () => {
    await log.show([said(1, "See https://example.com/a?b=1, or ana@example.com.")]);
    const link = page.getByRole("link", { name: "https://example.com/a?b=1" });
    await expect.element(link).toHaveAttribute("href", "https://example.com/a?b=1");
    await expect.element(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    await expect.element(link).toHaveAttribute("target", "_blank");
    await expect
      .element(page.getByRole("link", { name: "ana@example.com" }))
      .toHaveAttribute("href", "mailto:ana@example.com");
    expect(article("m1").querySelector("p")?.textContent).toBe(
      "See https://example.com/a?b=1, or ana@example.com.",
    );
  });

  it("a host of another alphabet is shown as it is", async () => {
    await log.show([said(1, "https://аpple.com")]);
    await expect.element(page.getByRole("link")).toHaveTextContent("xn--pple-43d.com");
  });

  it("up to three emoji alone are large", async () => {
    await log.show([said(1, "🥑🥦"), said(2, "🥑 ok")]);
    const size = (name: string): number =>
      Number.parseFloat(getComputedStyle(article(name).querySelector("p") as Element).fontSize);
    expect(size("m1")).toBeGreaterThan(size("m2") * 1.8);
  });

  it("an edit is said, with its time", async () => {
    await log.show([
      said(1, "Good evening", null, { editedAt: new Date(2026, 10, 18, 9, 5).getTime() }),
    ]);
    await expect
      .element(page.getByText("edited", { exact: true }))
      .toHaveAttribute("title", expect.stringMatching(/^Edited on .*2026.*9:05/) as string);
  });

  it("M1 a text that came silently says so", async () => {
    await log.show([said(1, "Good evening", null, { silent: true }), said(2, "Aloud")]);
    const marks = page.getByText("silent", { exact: true });
    await expect.element(marks).toHaveAttribute("title", "It came without a notification");
    expect(marks.elements()).toHaveLength(1);
  });

  it("a change on its way says so; one that failed can be tried again or given up", async () => {
    const change = (delivery: Delivery) => ({
      id: messageNamed("e1"),
      what: "edit" as const,
      delivery,
    });
    await log.show([said(2, "x", SENT, { change: change({ state: "queued" }) })]);
    await expect.element(page.getByText("Your edit waits to be sent")).toBeVisible();
    await log.show([
      said(2, "x", SENT, { change: change({ state: "failed", problem: "too_long" }) }),
    ]);
    await expect.element(page.getByText(/Your edit was not sent\./)).toBeVisible();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("button", { name: "Discard" }).click();
    const asked = messageNamed("e1");
    expect([...log.calls("retry"), ...log.calls("discard")]).toEqual([asked, asked]);
  });

  it("one that is being deleted offers no change any more", async () => {
    const change = {
      id: messageNamed("d1"),
      what: "deletion",
      delivery: { state: "queued" },
    } as const;
    await log.show([said(2, "x", SENT, { change })]);
    await expect.element(page.getByText("Waits to be deleted")).toBeVisible();
    await menuOf("m2");
    expect(menuNames()).not.toContain("Edit");
  });
});

describe("a quote", () => {
  const sender = { name: "Ana", own: false };
  const reply = { state: "here", seq: 1, sender, text: "Good morning" } as const;

  it("names whom it answers and leads there", async () => {
    await log.show([said(1, "Good morning"), said(41, "Yes", SENT, { reply })]);
    await page.getByRole("button", { name: /^In reply to\s+Ana\s*:\s*Good morning/ }).click();
    expect(log.fakes.calls).toContainEqual(["showAt", 1]);
  });

  it("leads to a message that is not on this device, and says when it cannot be fetched", async () => {
    log.fakes.answers.set("showAt", [{ ok: false, problem: "offline" }]);
    await log.show([said(41, "Yes", SENT, { reply: { state: "elsewhere", seq: 7 } })]);
    await page.getByRole("button", { name: "An earlier message" }).click();
    expect(log.fakes.calls).toContainEqual(["showAt", 7]);
    await expect.element(page.getByText(text().problems.offline)).toBeVisible();
  });

  it("of a deleted message keeps nothing of it", async () => {
    await log.show([said(2, "Yes", SENT, { reply: { state: "deleted", seq: 1 } })]);
    expect(article("m2").textContent).toContain("A deleted message");
    expect(document.querySelector("[data-quote]")).toBeNull();
  });
});

it("a message that did not change is not rendered again when a new timeline comes", async () => {
  const reactions = [{ emoji: "👍", names: ["Ana"], own: false }];
  // The engine sends only what changed: the other items stay the same objects (timeline-update.ts).
  const items = [said(1, "Good morning", null, { reactions }), said(2, "x")];
  await log.show(items);
  const rendered = vi.spyOn(Intl.ListFormat.prototype, "format");
  try {
    await log.show([...items, said(3, "new")]);
    expect(rendered).not.toHaveBeenCalled();
    // The spy does see a reaction that is rendered.
    const more = { emoji: "❤️", names: ["Ana"], own: false };
    await log.show([said(1, "Good morning", null, { reactions: [...reactions, more] })]);
    expect(rendered).toHaveBeenCalled();
  } finally {
    rendered.mockRestore();
  }
});
