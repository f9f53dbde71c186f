import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { unmount } from "../mount.test-kit.ts";
import { chooseShortcuts } from "../state/shortcuts.ts";
import { article, composerBox, menuNames, said, SENT, showLog } from "./log.test-kit.ts";
import { C1 } from "../../app/ids.test-kit.ts";

let log: Awaited<ReturnType<typeof showLog>>;
const attachButton = () => page.getByRole("button", { name: "Attach file" });
const logBox = () => page.getByRole("log", { name: "Messages" });
beforeEach(async () => {
  log = await showLog();
});
afterEach(unmount);

describe("the keyboard among the messages", () => {
  it("reaches them by one tab stop, and by arrows from one to the next", async () => {
    await userEvent.click(composerBox());
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    await expect.element(attachButton()).toHaveFocus();
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    await expect.element(logBox()).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m3")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    await expect.element(article("m1")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    await expect.element(page.getByRole("button", { name: /Jump to date/ })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    await expect.element(article("m2")).toHaveFocus();
    expect(log.calls("openConversation")).toEqual([C1]);
  });

  it("reaches what is in a message by Tab from that message, and no other's", async () => {
    const reactions = [{ emoji: "👍", names: ["Ana"], own: false }];
    await log.show([said(1, "https://a.example"), said(2, "x", SENT, { reactions }), said(3, "c")]);
    article("m2").focus();
    await userEvent.keyboard("{Tab}");
    await expect.element(page.getByRole("button", { name: "👍 from Ana" })).toHaveFocus();
    await userEvent.keyboard("{Tab}");
    expect(document.activeElement).toBe(article("m2").querySelector("[data-more]"));
    await userEvent.keyboard("{Tab}");
    await expect.element(attachButton()).toHaveFocus();
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    await expect.element(logBox()).toHaveFocus();
  });

  it("answers by r, edits by e where that is allowed, and goes back by Escape", async () => {
    article("m1").focus();
    await userEvent.keyboard("e");
    expect(document.querySelector(".target-bar")).toBeNull();
    await userEvent.keyboard("{Escape}");
    await expect.element(composerBox()).toHaveFocus();
    article("m1").focus();
    await userEvent.keyboard("r");
    await expect.element(page.getByText("Reply to Ana")).toBeVisible();
    await expect.element(composerBox()).toHaveFocus();
    article("m2").focus();
    await userEvent.keyboard("e");
    await expect.element(page.getByRole("textbox", { name: "Edit message" })).toHaveFocus();
  });

  it("leaves single letters alone for whoever switched them off", async () => {
    chooseShortcuts(false);
    article("m1").focus();
    await userEvent.keyboard("r");
    expect(document.querySelector(".target-bar")).toBeNull();
  });

  it("opens the actions by the context-menu key", async () => {
    article("m1").focus();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    await expect.poll(menuNames).toContain("Reply");
  });

  it("shows the rest of a tall message before it goes on", async () => {
    await log.show([said(1, "a"), said(2, "line\n".repeat(80)), said(3, "b")]);
    article("m3").focus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m2")).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(article("m2")).toHaveFocus();
    for (let presses = 0; presses < 6 && document.activeElement === article("m2"); presses++) {
      await userEvent.keyboard("{ArrowUp}");
    }
    await expect.element(article("m1")).toHaveFocus();
  });
});
