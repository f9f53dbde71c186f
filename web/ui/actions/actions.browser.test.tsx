import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { CHANGE_MS, type Delivery, type TimelineItem } from "../../app/view.ts";
import {
  details,
  type Fakes,
  fakeModels,
  message,
  practitioner,
  row,
  timeline,
} from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { chooseShortcuts } from "../shell/shortcuts.ts";
import { forgetAbouts } from "../conversation/about.ts";
import type { MessageItem } from "../conversation/blocks.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import { forgetDrafts } from "../conversation/drafts.ts";
import "../styles/workspace.css";

const SENT: Delivery = { state: "sent" };
const HOUR = 60 * 60_000;
const start = Date.now() - HOUR;

/** A message with what the tests change of it. */
const said = (
  seq: number | null,
  text: string,
  delivery: Delivery | null = null,
  change: Partial<MessageItem> = {},
): TimelineItem => ({
  ...(message(seq, start + (seq ?? 50) * 60_000, text, delivery) as MessageItem),
  ...change,
});

let fakes: Fakes;
const calls = (name: string) => fakes.calls.filter(([known]) => known === name).map(([, a]) => a);
const box = () => page.getByRole("textbox", { name: "Message" });
const logBox = () => page.getByRole("log", { name: "Messages" });
const article = (id: string) =>
  document.querySelector<HTMLElement>(`article[data-id="${id}"]`) as HTMLElement;
const menuNames = () =>
  [...document.querySelectorAll("[role=menuitem]")].map((item) => item.textContent);
const choose = (name: string) => page.getByRole("menuitem", { name }).click();

async function show(items: readonly TimelineItem[]): Promise<void> {
  fakes.timeline.value = timeline(items);
  await settled();
}

/** The menu of a message, opened as a keyboard does. */
async function menuOf(id: string): Promise<void> {
  article(id).focus();
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByRole("menu", { name: "Message actions" })).toBeVisible();
}

beforeEach(async () => {
  forgetDrafts();
  forgetAbouts();
  chooseShortcuts(true);
  await page.viewport(800, 600);
  fakes = fakeModels({ me: practitioner });
  fakes.rows.value = [row("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.timeline.value = timeline([
    said(1, "Good morning"),
    said(2, "Half the oats", SENT),
    said(3, "Thank you"),
  ]);
  const screen = <ConversationScreen id="c1" />;
  await mount(
    fakes.models,
    <div class="workspace" style={{ blockSize: "600px" }}>
      <div class="main-pane" style={{ gridColumn: "1 / -1" }}>
        {screen}
      </div>
    </div>,
  );
  await settled();
  // They come in a chunk of their own, after the messages; their status comes with them.
  await expect.poll(() => document.querySelectorAll(".log-frame > output").length).toBe(2);
});
afterEach(unmount);

describe("the actions of a message", () => {
  it("M5 are all there for an own one, and for the other's those that leave it as it is", async () => {
    await menuOf("m2");
    expect(menuNames()).toEqual(["Reply", "React", "Edit", "Copy text", "Delete for everyone"]);
    await userEvent.keyboard("{Escape}");
    await menuOf("m1");
    expect(menuNames()).toEqual(["Reply", "React", "Copy text"]);
  });

  it("M5 change nothing after a day, nor what has no place yet", async () => {
    const old = said(2, "Half the oats", SENT, { at: Date.now() - CHANGE_MS - HOUR });
    await show([old, said(null, "On its way", { state: "queued" })]);
    await menuOf("m2");
    expect(menuNames()).toEqual(["Reply", "React", "Copy text"]);
    await userEvent.keyboard("{Escape}");
    await menuOf(fakes.timeline.value?.items[1]?.id ?? "");
    expect(menuNames()).toEqual(["Copy text"]);
  });

  it("open by their button, which each message has, and the focus returns to it", async () => {
    const buttons = page.getByRole("button", { name: "Message actions" });
    expect(buttons.elements().length).toBe(3);
    await userEvent.hover(article("m2"));
    await buttons.nth(1).click();
    expect(menuNames()).toContain("Edit");
    await userEvent.keyboard("{Escape}");
    await expect.element(buttons.nth(1)).toHaveFocus();
  });

  it("open by a right click, but a link keeps the menu of the browser", async () => {
    await show([said(1, "See https://example.com now")]);
    await userEvent.click(page.getByRole("link"), { button: "right" });
    expect(menuNames()).toEqual([]);
    await userEvent.click(page.getByText("See"), { button: "right", position: { x: 4, y: 4 } });
    expect(menuNames()).toContain("Reply");
  });

  it("open under a finger that stays, which then presses nothing; not under one that scrolls", async () => {
    const link = said(1, "https://example.com");
    await show([link]);
    const target = document.querySelector(".bubble a") as HTMLElement;
    const touch = (type: string, y = 10): boolean =>
      target.dispatchEvent(
        new PointerEvent(type, {
          pointerType: "touch",
          isPrimary: true,
          clientX: 40,
          clientY: y,
          bubbles: true,
        }),
      );
    touch("pointerdown");
    touch("pointermove", 60);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(menuNames()).toEqual([]);
    touch("pointerdown");
    await expect.poll(menuNames).toContain("Reply");
    touch("pointerup");
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    target.dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(menuNames()).toContain("Reply");
  });

  it("copy the text", async () => {
    let copied = "";
    const { writeText } = navigator.clipboard;
    navigator.clipboard.writeText = (text) => {
      copied = text;
      return Promise.resolve();
    };
    try {
      await menuOf("m1");
      await choose("Copy text");
      await expect.element(page.getByText("Copied")).toBeVisible();
      expect(copied).toBe("Good morning");
    } finally {
      navigator.clipboard.writeText = writeText;
    }
  });
});

describe("deleting for everyone", () => {
  it("M5 asks once and says what happens", async () => {
    await menuOf("m2");
    await choose("Delete for everyone");
    const dialog = page.getByRole("dialog", { name: "Delete this message?" });
    await expect.element(dialog).toHaveTextContent("removed for both of you");
    expect(calls("deleteForEveryone")).toEqual([]);
    await dialog.getByRole("button", { name: "Delete for everyone" }).click();
    expect(calls("deleteForEveryone")).toEqual([2]);
    await expect.element(dialog).not.toBeInTheDocument();
  });

  it("does nothing when one thinks better of it", async () => {
    await menuOf("m2");
    await choose("Delete for everyone");
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(calls("deleteForEveryone")).toEqual([]);
    await expect.element(article("m2")).toHaveFocus();
  });

  it("leaves the focus at what is left of the message", async () => {
    article("m2").focus();
    const item = fakes.timeline.value?.items[1] as MessageItem;
    const deleted: TimelineItem = {
      kind: "deleted",
      id: "m2",
      seq: 2,
      at: item.at,
      sender: item.sender,
      deletedAt: Date.now(),
    };
    await show([said(1, "Good morning"), deleted]);
    expect(article("m2").textContent).toContain("You deleted this message");
    await expect.element(article("m2")).toHaveFocus();
  });

  it("says why when it could not be kept on this device", async () => {
    fakes.answers.set("deleteForEveryone", [{ ok: false, problem: "storage" }]);
    await menuOf("m2");
    await choose("Delete for everyone");
    await page.getByRole("button", { name: "Delete for everyone" }).click();
    await expect.element(page.getByText(/does not let Thyme keep/)).toBeVisible();
  });
});

describe("the keyboard among the messages", () => {
  it("reaches them by one tab stop, and by arrows from one to the next", async () => {
    await userEvent.click(box());
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    await expect.element(logBox()).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m3")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}{ArrowUp}");
    await expect.element(article("m1")).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(article("m2")).toHaveFocus();
    expect(calls("openConversation")).toEqual(["c1"]);
  });

  it("reaches what is in a message by Tab from that message, and no other's", async () => {
    const reactions = [{ emoji: "👍", names: ["Ana"], own: false }];
    await show([said(1, "https://a.example"), said(2, "x", SENT, { reactions }), said(3, "c")]);
    article("m2").focus();
    await userEvent.keyboard("{Tab}");
    await expect.element(page.getByRole("button", { name: "👍 from Ana" })).toHaveFocus();
    await userEvent.keyboard("{Tab}");
    expect(document.activeElement).toBe(article("m2").querySelector("[data-more]"));
    await userEvent.keyboard("{Tab}");
    await expect.element(box()).toHaveFocus();
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    await expect.element(logBox()).toHaveFocus();
  });

  it("answers by r, edits by e where that is allowed, and goes back by Escape", async () => {
    article("m1").focus();
    await userEvent.keyboard("e");
    expect(document.querySelector(".about-bar")).toBeNull();
    await userEvent.keyboard("{Escape}");
    await expect.element(box()).toHaveFocus();
    article("m1").focus();
    await userEvent.keyboard("r");
    await expect.element(page.getByText("Reply to Ana")).toBeVisible();
    await expect.element(box()).toHaveFocus();
    article("m2").focus();
    await userEvent.keyboard("e");
    await expect.element(page.getByRole("textbox", { name: "Edit message" })).toHaveFocus();
  });

  it("leaves single letters alone for whoever switched them off", async () => {
    chooseShortcuts(false);
    article("m1").focus();
    await userEvent.keyboard("r");
    expect(document.querySelector(".about-bar")).toBeNull();
  });

  it("opens the actions by the context-menu key", async () => {
    article("m1").focus();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    expect(menuNames()).toContain("Reply");
  });

  it("shows the rest of a tall message before it goes on", async () => {
    await show([said(1, "a"), said(2, "line\n".repeat(80)), said(3, "b")]);
    article("m3").focus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m2")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m2")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}");
    await expect.element(article("m1")).toHaveFocus();
  });
});

describe("reactions", () => {
  const reactions = [
    { emoji: "👍", names: ["Ana", "Dr. Sofía Herrera"], own: true },
    { emoji: "❤️", names: ["Ana"], own: false },
  ];
  beforeEach(() => show([said(1, "Good morning", null, { reactions }), said(2, "x", SENT)]));

  it("say who chose them, and which is one's own", async () => {
    const own = page.getByRole("button", { name: "👍 from Ana and you" });
    await expect.element(own).toHaveAttribute("aria-pressed", "true");
    await expect.element(own).toHaveTextContent("2");
    await expect
      .element(page.getByRole("button", { name: "❤️ from Ana" }))
      .toHaveAttribute("aria-pressed", "false");
  });

  it("M5 are taken back and joined by a press", async () => {
    await page.getByRole("button", { name: "👍 from Ana and you" }).click();
    await page.getByRole("button", { name: "❤️ from Ana" }).click();
    expect(calls("react")).toEqual([
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
    expect(calls("react")).toEqual([{ seq: 1, emoji: "❤️" }]);
    await expect.element(quick).not.toBeInTheDocument();
    await expect.element(article("m1")).toHaveFocus();
  });

  it("are chosen from all emoji", async () => {
    await menuOf("m2");
    await choose("React");
    await page.getByRole("button", { name: "More emoji" }).click();
    await page.getByRole("searchbox", { name: "Search emoji" }).fill("avocado");
    await page.getByRole("button", { name: "avocado" }).click();
    expect(calls("react")).toEqual([{ seq: 2, emoji: "🥑" }]);
    await expect.element(page.getByRole("dialog", { name: "React" })).not.toBeInTheDocument();
  });
});

describe("what stands in a message", () => {
  it("an address is a link that gives nothing away", async () => {
    await show([said(1, "See https://example.com/a?b=1, or ana@example.com.")]);
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
    await show([said(1, "https://аpple.com")]);
    await expect.element(page.getByRole("link")).toHaveTextContent("xn--pple-43d.com");
  });

  it("up to three emoji alone are large", async () => {
    await show([said(1, "🥑🥦"), said(2, "🥑 ok")]);
    const size = (id: string): number =>
      Number.parseFloat(getComputedStyle(article(id).querySelector("p") as Element).fontSize);
    expect(size("m1")).toBeGreaterThan(size("m2") * 1.8);
  });

  it("an edit is said, with its time", async () => {
    await show([
      said(1, "Good evening", null, { editedAt: new Date(2026, 10, 18, 9, 5).getTime() }),
    ]);
    await expect
      .element(page.getByText("edited", { exact: true }))
      .toHaveAttribute("title", expect.stringMatching(/^Edited on .*2026.*9:05/) as string);
  });

  it("a change on its way says so; one that failed can be tried again or given up", async () => {
    const change = (delivery: Delivery) => ({ id: "e1", what: "edit" as const, delivery });
    await show([said(2, "x", SENT, { change: change({ state: "queued" }) })]);
    await expect.element(page.getByText("Your edit waits to be sent")).toBeVisible();
    await show([said(2, "x", SENT, { change: change({ state: "failed", problem: "too_long" }) })]);
    await expect.element(page.getByText(/Your edit was not sent\./)).toBeVisible();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("button", { name: "Discard" }).click();
    expect([...calls("retry"), ...calls("discard")]).toEqual(["e1", "e1"]);
  });

  it("one that is being deleted offers no change any more", async () => {
    const change = { id: "d1", what: "deletion", delivery: { state: "queued" } } as const;
    await show([said(2, "x", SENT, { change })]);
    await expect.element(page.getByText("Waits to be deleted")).toBeVisible();
    await menuOf("m2");
    expect(menuNames()).not.toContain("Edit");
  });
});

describe("a quote", () => {
  const sender = { name: "Ana", own: false };
  const reply = { state: "here", seq: 1, sender, text: "Good morning" } as const;

  it("names whom it answers and leads there", async () => {
    const many = Array.from({ length: 40 }, (_, n) => said(n + 1, `Message ${n + 1}`));
    await show([...many, said(41, "Yes", SENT, { reply })]);
    expect(article("m1").getBoundingClientRect().bottom).toBeLessThan(0);
    await page.getByRole("button", { name: /^In reply to\s+Ana\s*:\s*Good morning/ }).click();
    expect(article("m1").getBoundingClientRect().top).toBeGreaterThan(0);
    await expect.element(article("m1")).toHaveFocus();
    await expect.element(article("m1")).toHaveAttribute("data-found");
    await expect.poll(() => article("m1").dataset["found"], { timeout: 5_000 }).toBeUndefined();
  });

  it("says so when what it answers is not on this page", async () => {
    await show([said(41, "Yes", SENT, { reply })]);
    await page.getByRole("button", { name: /Good morning/ }).click();
    await expect.element(page.getByText(/further up/)).toBeVisible();
  });

  it("of a deleted message keeps nothing of it", async () => {
    await show([
      said(2, "Yes", SENT, { reply: { state: "deleted", seq: 1 } }),
      said(3, "No", SENT, { reply: { state: "elsewhere", seq: 1 } }),
    ]);
    expect(article("m2").textContent).toContain("A deleted message");
    expect(article("m3").textContent).toContain("A message that is not on this device");
    expect(document.querySelector("[data-quote]")).toBeNull();
  });
});

it("a message that did not change is not rendered again when a new timeline comes", async () => {
  const reactions = () => [{ emoji: "👍", names: ["Ana"], own: false }];
  const items = (text: string) => [said(1, text, null, { reactions: reactions() }), said(2, "x")];
  await show(items("Good morning"));
  const rendered = vi.spyOn(Intl.ListFormat.prototype, "format");
  try {
    await show([...items("Good morning"), said(3, "new")]);
    expect(rendered).not.toHaveBeenCalled();
    // The spy does see a reaction that is rendered.
    const more = { emoji: "❤️", names: ["Ana"], own: false };
    await show([said(1, "Good morning", null, { reactions: [...reactions(), more] })]);
    expect(rendered).toHaveBeenCalled();
  } finally {
    rendered.mockRestore();
  }
});
