import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Outcome } from "../../app/models.ts";
import { CHANGE_MS, type Delivery } from "../../app/timeline.ts";
import {
  type Fakes,
  fakeModels,
  message,
  practitioner,
  timeline,
} from "../fake-models.test-kit.ts";
import { mount, unmount } from "../mount.test-kit.ts";
import { forgetComposerTargets, replyTo, startEdit } from "./composer-target.ts";
import type { MessageItem } from "../message/blocks.ts";
import { Composer } from "./composer.tsx";
import { forgetComposers } from "./composer-state.ts";
import { C1, C2 } from "../../app/ids.test-kit.ts";
import "../styles/actions.css";
import "../styles/composer.css";

const SENT: Delivery = { state: "sent" };
let fakes: Fakes;
const box = () => page.getByRole("textbox", { name: "Message", exact: true });
const editBox = () => page.getByRole("textbox", { name: "Edit message" });
const calls = (name: string) => fakes.calls.filter(([known]) => known === name).map(([, a]) => a);
const said = (seq: number, text: string, delivery: Delivery | null = null): MessageItem =>
  message(seq, Date.now() - 60_000, text, delivery) as MessageItem;

beforeEach(async () => {
  forgetComposers();
  forgetComposerTargets();
  localStorage.removeItem("thyme.emoji");
  fakes = fakeModels({ me: practitioner });
  fakes.timeline.value = timeline([said(1, "Good morning"), said(2, "Half the oats", SENT)]);
  await mount(fakes.models, <Composer conversation={C1} />);
});
afterEach(unmount);

describe("a reply", () => {
  beforeEach(() => replyTo(C1, said(1, "Good morning")));

  it("says whom it answers and takes the message along", async () => {
    await expect.element(page.getByText("Reply to Ana")).toBeVisible();
    await expect.element(page.getByText("Good morning")).toBeVisible();
    await userEvent.type(box(), "And to you{Enter}");
    expect(calls("send")).toEqual([{ text: "And to you", replyTo: 1 }]);
    await expect.element(page.getByText("Reply to Ana")).not.toBeInTheDocument();
    await userEvent.type(box(), "next{Enter}");
    expect(calls("send")).toEqual([{ text: "And to you", replyTo: 1 }, "next"]);
  });

  it("is given up by its button or Escape, and the text stays", async () => {
    await userEvent.type(box(), "And to you");
    await page.getByRole("button", { name: "Cancel reply" }).click();
    await expect.element(page.getByText("Reply to Ana")).not.toBeInTheDocument();
    await expect.element(box()).toHaveFocus();
    replyTo(C1, said(2, "Half the oats", SENT));
    await expect.element(page.getByText("Reply to your message")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByText("Reply to your message")).not.toBeInTheDocument();
    await expect.element(box()).toHaveValue("And to you");
  });

  it("comes back whole when it could not be stored", async () => {
    fakes.answers.set("send", [{ ok: false, problem: "storage" }]);
    await userEvent.type(box(), "And to you{Enter}");
    await expect.element(page.getByRole("alert")).toHaveTextContent("does not let Thyme keep");
    await expect.element(box()).toHaveValue("And to you");
    await expect.element(page.getByText("Reply to Ana")).toBeVisible();
  });

  it("M5 is let go when the message is deleted, and its text is shown no longer", async () => {
    await userEvent.type(box(), "And to you");
    const { id, at, sender } = said(1, "Good morning");
    const deleted = { kind: "deleted" as const, id, seq: 1, at, sender, deletedAt: at + 1 };
    fakes.timeline.value = timeline([deleted]);
    await expect
      .element(page.getByRole("alert"))
      .toHaveTextContent("you were answering was deleted");
    await expect.element(page.getByText("Good morning")).not.toBeInTheDocument();
    await userEvent.keyboard("{Enter}");
    expect(calls("send")).toEqual(["And to you"]);
    expect(document.querySelector("[role=alert]")).toBeNull();
  });

  it("M5 is let go when the engine finds the message no more, and the next press sends without it", async () => {
    fakes.answers.set("send", [{ ok: false, problem: "not_found" }]);
    await userEvent.type(box(), "And to you{Enter}");
    await expect
      .element(page.getByRole("alert"))
      .toHaveTextContent("you were answering was deleted");
    await userEvent.keyboard("{Enter}");
    expect(calls("send").at(-1)).toBe("And to you");
    await expect.element(box()).toHaveValue("");
  });

  it("belongs to its conversation", async () => {
    await mount(fakes.models, <Composer conversation={C2} />);
    expect(document.querySelector(".target-bar")).toBeNull();
    await mount(fakes.models, <Composer conversation={C1} />);
    await expect.element(page.getByText("Reply to Ana")).toBeVisible();
  });
});

describe("an edit", () => {
  const begin = () => startEdit(C1, said(2, "Half the oats", SENT));

  it("takes the text into the box, and Enter saves it", async () => {
    begin();
    await expect.element(editBox()).toHaveValue("Half the oats");
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard(" and berries{Enter}");
    expect(calls("edit")).toEqual([{ seq: 2, text: "Half the oats and berries" }]);
    expect(calls("send")).toEqual([]);
    await expect.element(box()).toHaveValue("");
  });

  it("never touches the draft, which comes back by Escape", async () => {
    await userEvent.type(box(), "half a sentence");
    begin();
    await expect.element(editBox()).toHaveValue("Half the oats");
    await userEvent.keyboard(" and more");
    expect(fakes.drafts.get(C1)).toBe("half a sentence");
    await userEvent.keyboard("{Escape}");
    await expect.element(box()).toHaveValue("half a sentence");
    expect(fakes.drafts.get(C1)).toBe("half a sentence");
    expect(calls("edit")).toEqual([]);
  });

  it("brings the draft back after saving as well", async () => {
    await userEvent.type(box(), "half a sentence");
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard("!{Enter}");
    await expect.element(box()).toHaveValue("half a sentence");
  });

  it("is there again after a reload, and its draft behind it; saved or given up it is forgotten", async () => {
    const kept = () => fakes.unsavedEdits.get(C1);
    const reload = async () => {
      unmount();
      forgetComposerTargets();
      forgetComposers();
      await mount(fakes.models, <Composer conversation={C1} />);
    };
    await userEvent.type(box(), "half a sentence");
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard(" and berries");
    await expect.poll(kept).toEqual({
      seq: 2,
      before: "Half the oats",
      text: "Half the oats and berries",
    });
    await reload();
    await expect.element(editBox()).toHaveValue("Half the oats and berries");
    await editBox().click();
    await userEvent.keyboard("{Enter}");
    expect(calls("edit")).toEqual([{ seq: 2, text: "Half the oats and berries" }]);
    await expect.poll(kept).toBeUndefined();
    await reload();
    await expect.element(box()).toHaveValue("half a sentence");
    begin();
    await expect.poll(kept).toBeDefined();
    await userEvent.keyboard("{Escape}");
    await expect.poll(kept).toBeUndefined();
  });

  it("of one conversation is not taken for that of another", async () => {
    fakes.unsavedEdits.set(C2, { seq: 7, before: "old", text: "of another" });
    begin();
    await expect.element(editBox()).toHaveFocus();
    await mount(fakes.models, <Composer conversation={C2} />);
    await expect.element(editBox()).toHaveValue("of another");
    expect([...fakes.unsavedEdits.keys()].sort()).toEqual([C1, C2]);
  });

  it("that changes nothing sends nothing, and an empty one cannot be saved", async () => {
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(box()).toHaveValue("");
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.fill(editBox(), "  ");
    await expect.element(page.getByRole("button", { name: "Save" })).toBeDisabled();
    await userEvent.keyboard("{Enter}");
    expect(calls("edit")).toEqual([]);
  });

  it("stays in the box when it could not be stored, and is saved once for two presses", async () => {
    const storing = Promise.withResolvers<Outcome>();
    let times = 0;
    fakes.models.conversation.edit = () => {
      times += 1;
      return storing.promise;
    };
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard(" today{Enter}{Enter}");
    expect(times).toBe(1);
    storing.resolve({ ok: false, problem: "storage" });
    await expect.element(page.getByRole("alert")).toHaveTextContent("still in the box");
    await expect.element(editBox()).toHaveValue("Half the oats today");
  });

  it("goes on where one types while it is being saved", async () => {
    const storing = Promise.withResolvers<Outcome>();
    fakes.models.conversation.edit = () => storing.promise;
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard(" today{Enter} and tomorrow");
    storing.resolve({ ok: true, value: null });
    await storing.promise;
    await expect.element(editBox()).toHaveValue("Half the oats today and tomorrow");
    await expect.poll(() => fakes.unsavedEdits.get(C1)?.before).toBe("Half the oats today");
  });

  it("M5 of a message that is deleted meanwhile ends, and what was written anew joins the draft", async () => {
    await userEvent.type(box(), "half a sentence");
    fakes.answers.set("edit", [{ ok: false, problem: "not_found" }]);
    begin();
    await expect.element(editBox()).toHaveFocus();
    await userEvent.keyboard(" and berries{Enter}");
    await expect
      .element(page.getByRole("alert"))
      .toHaveTextContent("you were changing was deleted");
    await expect.element(box()).toHaveValue("half a sentence\nHalf the oats and berries");
    expect(fakes.drafts.get(C1)).toBe("half a sentence\nHalf the oats and berries");
  });

  it("of the last own message begins with ArrowUp in an empty box only", async () => {
    await userEvent.type(box(), "x");
    await userEvent.keyboard("{ArrowUp}");
    expect(document.querySelector(".target-bar")).toBeNull();
    await userEvent.fill(box(), "");
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(editBox()).toHaveValue("Half the oats");
  });

  it("M5 does not begin when the last own message is older than a day", async () => {
    const old = { ...said(2, "Half the oats", SENT), at: Date.now() - 2 * CHANGE_MS };
    fakes.timeline.value = timeline([old]);
    await userEvent.click(box());
    await userEvent.keyboard("{ArrowUp}");
    expect(document.querySelector(".target-bar")).toBeNull();
  });
});

describe("the emoji of the composer", () => {
  const open = () => page.getByRole("button", { name: "Emoji", exact: true }).click();
  const panel = () => page.getByRole("dialog", { name: "Emoji" });
  const search = () => page.getByRole("searchbox", { name: "Search emoji" });

  it("go in where the caret is, and the grid stays for the next", async () => {
    await userEvent.fill(box(), "ab");
    const element = box().element() as HTMLTextAreaElement;
    element.setSelectionRange(1, 1);
    await open();
    await search().fill("avocado");
    await page.getByRole("button", { name: "avocado" }).click();
    await page.getByRole("button", { name: "avocado" }).click();
    await expect.element(box()).toHaveValue("a🥑🥑b");
    expect(fakes.drafts.get(C1)).toBe("a🥑🥑b");
    await userEvent.keyboard("{Escape}");
    await expect.element(panel()).not.toBeInTheDocument();
    await expect.element(box()).toHaveFocus();
    await userEvent.keyboard("c");
    await expect.element(box()).toHaveValue("a🥑🥑cb");
  });

  it("are found by the keyboard alone", async () => {
    await open();
    await expect.element(search()).toHaveFocus();
    await userEvent.keyboard("broccoli{Enter}");
    await expect.element(box()).toHaveValue("🥦");
    await userEvent.keyboard("{Control>}a{/Control}{Backspace}{ArrowDown}");
    const first = () => document.activeElement?.getAttribute("data-sign");
    // What was used last comes first the next time, not under the finger.
    expect(first()).toBe("😀");
    await userEvent.keyboard("{ArrowRight}{Enter}");
    await expect.element(box()).toHaveValue("🥦😃");
    await userEvent.keyboard("{ArrowDown}{ArrowUp}{ArrowUp}");
    await expect.element(search()).toHaveFocus();
  });

  it("used last come first the next time", async () => {
    await open();
    await search().fill("broccoli");
    await page.getByRole("button", { name: "broccoli" }).click();
    await userEvent.keyboard("{Escape}");
    await open();
    await expect.element(page.getByRole("heading", { name: "Recently used" })).toBeVisible();
    const [first] = document.querySelectorAll("[data-sign]");
    expect(first?.getAttribute("data-sign")).toBe("🥦");
    expect(localStorage.getItem("thyme.emoji")).toBe("🥦");
  });

  it("that do not exist are said to be none", async () => {
    await open();
    await search().fill("zzzzqq");
    await expect.element(page.getByText("No emoji is called that")).toBeVisible();
  });

  it("close by their button, by a press outside, and by a second press", async () => {
    const button = page.getByRole("button", { name: "Emoji", exact: true });
    await open();
    await expect.element(panel()).toBeVisible();
    await panel().getByRole("button", { name: "Close", exact: true }).click();
    await expect.element(panel()).not.toBeInTheDocument();
    await open();
    await expect.element(button).toHaveAttribute("aria-expanded", "true");
    await userEvent.click(box());
    await expect.element(panel()).not.toBeInTheDocument();
    await open();
    await expect.element(panel()).toBeVisible();
    await button.click();
    await expect.element(panel()).not.toBeInTheDocument();
  });

  it("are named in the language of the person", async () => {
    await mount(fakes.models, <Composer conversation={C1} />, "es");
    await page.getByRole("button", { name: "Emojis", exact: true }).click();
    await page.getByRole("searchbox", { name: "Buscar emojis" }).fill("corazon rojo");
    await page.getByRole("button", { name: "corazón rojo", exact: true }).click();
    await expect.element(page.getByRole("textbox")).toHaveValue("❤️");
  });
});
