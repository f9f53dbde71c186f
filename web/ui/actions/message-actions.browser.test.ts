import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { CHANGE_MS, type TimelineItem } from "../../app/timeline.ts";
import type { MessageItem } from "../message/blocks.ts";
import { unmount } from "../mount.test-kit.ts";
import { article, choose, HOUR, menuNames, menuOf, said, SENT, showLog } from "./log.test-kit.ts";
import { messageNamed, nameOf } from "../../app/ids.test-kit.ts";

let log: Awaited<ReturnType<typeof showLog>>;
beforeEach(async () => {
  log = await showLog();
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
    await log.show([old, said(null, "On its way", { state: "queued" })]);
    await menuOf("m2");
    expect(menuNames()).toEqual(["Reply", "React", "Copy text"]);
    await userEvent.keyboard("{Escape}");
    await menuOf(nameOf(log.fakes.timeline.value?.items[1]?.id ?? ""));
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
    await log.show([said(1, "See https://example.com now")]);
    // Dispatched: a real one would leave the browser's own menu open over the tests that follow.
    const rightClick = (selector: string): boolean =>
      article("m1")
        .querySelector(selector)
        ?.dispatchEvent(
          new PointerEvent("contextmenu", {
            pointerType: "mouse",
            bubbles: true,
            cancelable: true,
          }),
        ) ?? false;
    expect(rightClick("a")).toBe(true);
    expect(menuNames()).toEqual([]);
    expect(rightClick(".bubble")).toBe(false);
    await expect.poll(menuNames).toContain("Reply");
  });

  it("open under a finger that stays, which then presses nothing; not under one that scrolls", async () => {
    const link = said(1, "https://example.com");
    await log.show([link]);
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
    expect(log.calls("deleteForEveryone")).toEqual([]);
    await dialog.getByRole("button", { name: "Delete for everyone" }).click();
    expect(log.calls("deleteForEveryone")).toEqual([2]);
    await expect.element(dialog).not.toBeInTheDocument();
  });

  it("does nothing when one thinks better of it", async () => {
    await menuOf("m2");
    await choose("Delete for everyone");
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(log.calls("deleteForEveryone")).toEqual([]);
    await expect.element(article("m2")).toHaveFocus();
  });

  it("leaves the focus at what is left of the message", async () => {
    article("m2").focus();
    const item = log.fakes.timeline.value?.items[1] as MessageItem;
    const deleted: TimelineItem = {
      kind: "deleted",
      id: messageNamed("m2"),
      seq: 2,
      at: item.at,
      sender: item.sender,
      deletedAt: Date.now(),
    };
    await log.show([said(1, "Good morning"), deleted]);
    expect(article("m2").textContent).toContain("You deleted this message");
    await expect.element(article("m2")).toHaveFocus();
  });

  it("says why when it could not be kept on this device", async () => {
    log.fakes.answers.set("deleteForEveryone", [{ ok: false, problem: "storage" }]);
    await menuOf("m2");
    await choose("Delete for everyone");
    await page.getByRole("button", { name: "Delete for everyone" }).click();
    await expect.element(page.getByText(/does not let Thyme keep/)).toBeVisible();
  });
});
