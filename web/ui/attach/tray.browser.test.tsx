import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { FileOffer } from "../../app/files-view.ts";
import { C1, C2 } from "../../app/ids.test-kit.ts";
import { forgetComposers } from "../composer/composer-state.ts";
import { forgetComposerTargets, setComposerTarget } from "../composer/composer-target.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import {
  type Fakes,
  details,
  fakeModels,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { keepPageFromDrops } from "./incoming.ts";
import { forgetTrays } from "./tray-state.ts";

let fakes: Fakes;

const photo = (name: string): FileOffer => ({
  kind: "image",
  type: "image/jpeg",
  name,
  size: 3_000,
  image: { width: 4, height: 3 },
  keepsMetadata: false,
  quality: "either",
});
const box = () => page.getByRole("textbox", { name: "Message" });
const sendButton = () => page.getByRole("button", { name: "Send", exact: true });
const tray = () => page.getByRole("region", { name: "To be sent" });
const sent = () => fakes.calls.filter(([name]) => name === "sendFile").map(([, said]) => said);

function choose(...names: readonly string[]): void {
  const field = document.querySelector<HTMLInputElement>(
    "input[type=file][multiple]:not([accept='image/*'])",
  );
  const chosen = new DataTransfer();
  for (const name of names) chosen.items.add(new File(["content"], name));
  if (!field) throw new RangeError("no field");
  field.files = chosen.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

beforeEach(async () => {
  forgetComposers();
  forgetComposerTargets();
  forgetTrays();
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.timeline.value = timeline([]);
  for (const name of ["one.jpg", "two.jpg"]) {
    fakes.files.offers.set(name, { ok: true, value: photo(name) });
  }
  fakes.files.offers.set("film.mp4", { ok: false, problem: "file_video" });
  await mount(fakes.models, <ConversationScreen id={C1} />);
  await settled();
});
afterEach(unmount);

describe("choosing files", () => {
  it("says what may be sent before anything is chosen", async () => {
    await userEvent.click(page.getByRole("button", { name: "Attach file" }));
    const menu = page.getByRole("menu", { name: "Attach file" });
    await expect.element(menu).toHaveAccessibleDescription(/Up to 25 MB each.*No videos/);
    await expect.element(menu.getByRole("menuitem", { name: "Photo" })).toBeVisible();
    await expect.element(menu.getByRole("menuitem", { name: "File" })).toBeVisible();
  });

  it("shows name, kind and size, and what a document keeps", async () => {
    choose("plan.pdf");
    await expect.element(tray()).toHaveTextContent("plan.pdf");
    await expect.element(tray()).toHaveTextContent("PDF · 7 bytes");
    await expect.element(tray()).toHaveTextContent(/author's name and times may be inside/);
  });

  it("refuses a video with its reason, and sends the rest", async () => {
    choose("film.mp4", "one.jpg");
    await expect.element(tray().getByRole("alert")).toHaveTextContent(/Videos cannot be sent/);
    await userEvent.click(sendButton());
    await expect.poll(sent).toMatchObject([{ name: "one.jpg" }]);
    // What could not be sent is still said.
    await expect.element(tray()).toHaveTextContent("film.mp4");
  });

  it("takes one away again", async () => {
    choose("one.jpg", "two.jpg");
    await userEvent.click(page.getByRole("button", { name: "Remove one.jpg" }));
    await userEvent.click(sendButton());
    await expect.poll(sent).toMatchObject([{ name: "two.jpg" }]);
  });

  it("belongs to its conversation", async () => {
    choose("one.jpg");
    await expect.element(tray()).toBeVisible();
    await mount(fakes.models, <ConversationScreen id={C2} />);
    await expect.element(tray()).not.toBeInTheDocument();
  });
});

describe("sending files", () => {
  it("sends each as a message in order, what was written with the last, an answer with the first", async () => {
    setComposerTarget(C1, {
      kind: "reply",
      seq: 7,
      sender: { name: "Ana", own: false },
      text: "Well?",
    });
    choose("one.jpg", "two.jpg");
    await userEvent.fill(box(), "My lunch");
    await userEvent.keyboard("{Enter}");
    await expect.poll(sent).toMatchObject([
      { name: "one.jpg", caption: "", replyTo: 7, quality: "standard" },
      { name: "two.jpg", caption: "My lunch", replyTo: undefined, quality: "standard" },
    ]);
    await expect.element(box()).toHaveValue("");
    await expect.element(tray()).not.toBeInTheDocument();
    expect(fakes.drafts.get(C1)).toBe("");
  });

  it("keeps all pixels where that is asked for", async () => {
    choose("one.jpg");
    const full = page.getByRole("switch", { name: "Full quality" });
    await expect.element(full).toHaveAccessibleDescription(/Place and camera are taken out/);
    await userEvent.click(full);
    await userEvent.click(sendButton());
    await expect.poll(sent).toMatchObject([{ name: "one.jpg", quality: "full" }]);
  });

  it("loses nothing that could not be stored: neither the files nor the words", async () => {
    fakes.answers.set("sendFile", [{ ok: false, problem: "device_full" }]);
    choose("one.jpg", "two.jpg");
    await userEvent.fill(box(), "My lunch");
    await userEvent.click(sendButton());
    await expect.element(tray().getByRole("alert")).toHaveTextContent(/What was not sent is still/);
    await expect.element(box()).toHaveValue("My lunch");
    await expect.element(tray()).toHaveTextContent("one.jpg");
    await userEvent.click(sendButton());
    await expect.poll(() => sent().length).toBe(3);
    await expect.element(tray()).not.toBeInTheDocument();
  });
});

describe("a paste", () => {
  const paste = (parts: readonly (File | readonly [type: string, text: string])[]): boolean => {
    const clipboardData = new DataTransfer();
    for (const part of parts) {
      if (part instanceof File) clipboardData.items.add(part);
      else clipboardData.setData(part[0], part[1]);
    }
    const init = { clipboardData, bubbles: true, cancelable: true };
    return box().element().dispatchEvent(new ClipboardEvent("paste", init));
  };

  it("of a picture goes into the tray", async () => {
    expect(paste([new File(["x"], "one.jpg", { type: "image/jpeg" })])).toBe(false);
    await expect.element(tray()).toHaveTextContent("one.jpg");
  });

  it("of a table, which brings a picture of itself, is text", async () => {
    expect(paste([new File(["x"], "one.jpg"), ["text/plain", "a\tb"]])).toBe(true);
    await settled();
    await expect.element(tray()).not.toBeInTheDocument();
  });
});

describe("a drop", () => {
  const drag = (type: string, at: Element): boolean => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "one.jpg", { type: "image/jpeg" }));
    return at.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  };
  const log = () => page.getByRole("log", { name: "Messages" }).element();
  const aim = () => page.getByText("Drop to send to Ana Morales");

  it("has a visible aim as long as it is held over the conversation", async () => {
    drag("dragenter", log());
    await expect.element(aim()).toBeVisible();
    drag("dragleave", log());
    await expect.element(aim()).not.toBeInTheDocument();
  });

  it("goes into the tray of this conversation and opens nothing", async () => {
    drag("dragenter", log());
    expect(drag("dragover", log())).toBe(false);
    expect(drag("drop", log())).toBe(false);
    await expect.element(tray()).toHaveTextContent("one.jpg");
    await expect.element(aim()).not.toBeInTheDocument();
  });

  it("beside a conversation opens nothing, and is sent to nobody", async () => {
    expect(drag("drop", document.body)).toBe(true);
    const stop = keepPageFromDrops();
    expect(drag("dragover", document.body)).toBe(false);
    expect(drag("drop", document.body)).toBe(false);
    stop();
    await settled();
    await expect.element(tray()).not.toBeInTheDocument();
  });
});
