import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { TimelineItem } from "../../app/timeline.ts";
import { C1, C2 } from "../../app/ids.test-kit.ts";
import { forgetComposerTargets } from "../composer/composer-target.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import {
  type Fakes,
  details,
  fakeModels,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import {
  document as paper,
  fileMessage,
  picture,
  storePicture,
  voiceNote,
} from "../fake-pictures.test-kit.ts";
import { still } from "../log/log.test-kit.tsx";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { signedOut } from "../state/endings.ts";
import "../styles/two-panes.css";

let fakes: Fakes;
const NOW = Date.now();
const lunch = picture(1);

async function show(...items: readonly TimelineItem[]): Promise<void> {
  fakes.timeline.value = timeline(items);
  await mount(fakes.models, <ConversationScreen id={C1} />);
  await settled();
}
const article = (n = 0) => page.getByRole("article").nth(n);
const calls = (name: string) =>
  fakes.calls.filter(([known]) => known === name).map(([, said]) => said);
const up = (id: Extract<TimelineItem, { kind: "message" }>["id"], done: number, total: number) =>
  new Map([[id, { id, direction: "up" as const, done, total, secondsLeft: 4 }]]);

async function choose(item: string): Promise<void> {
  const message = article().element();
  if (message instanceof HTMLElement) message.focus();
  await userEvent.keyboard("{Enter}");
  await userEvent.click(page.getByRole("menuitem", { name: item }));
}

beforeEach(() => {
  signedOut.value += 1;
  forgetComposerTargets();
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales"), summary("c2", "Luis")];
  fakes.details.value = details();
});
afterEach(unmount);

describe("a photo", () => {
  it("takes its room before anything of it is here: nothing moves when it comes", async () => {
    const come = Promise.withResolvers<Blob>();
    fakes.files.stored.set(1, () => come.promise);
    await show(fileMessage(1, NOW, lunch.file));
    await expect.poll(() => document.querySelector(".photo-open")).not.toBeNull();
    await still();
    const where = () => article().element().getBoundingClientRect().toJSON();
    const before = where();
    expect(document.querySelector(".thumb")).not.toBeNull();
    const shifts: PerformanceEntry[] = [];
    const watching = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
    watching.observe({ type: "layout-shift", buffered: false });
    come.resolve(await lunch.blob());
    await expect.element(page.getByRole("button", { name: "Open photo" })).toBeVisible();
    await expect.poll(() => document.querySelector("img")?.complete).toBe(true);
    await still();
    watching.disconnect();
    expect(where()).toEqual(before);
    expect(shifts).toEqual([]);
  });

  it("is as wide as its shape says", async () => {
    await show(fileMessage(1, NOW, lunch.file, "with words that are longer than the picture"));
    await expect.poll(() => document.querySelector(".photo-open")).not.toBeNull();
    const { width = 0, height = 1 } =
      document.querySelector(".photo")?.getBoundingClientRect() ?? {};
    expect(width).toBeGreaterThan(250);
    expect(width).toBeLessThanOrEqual(320);
    expect(width / height).toBeCloseTo(4 / 3, 1);
  });

  it("that is large is fetched when it is asked for, and not before", async () => {
    storePicture(fakes, 1, lunch);
    await show(fileMessage(1, NOW, { ...lunch.file, size: 12_000_000 }));
    const load = page.getByRole("button", { name: "Load photo, 11 MB" });
    await expect.element(load).toBeVisible();
    expect(calls("openFile")).toEqual([]);
    await userEvent.click(load);
    await expect.element(page.getByRole("button", { name: "Open photo" })).toBeVisible();
    expect(calls("openFile")).toEqual([{ conversation: C1, message: 1 }]);
  });

  it("that did not come for want of a network comes when it is back", async () => {
    storePicture(fakes, 1, lunch);
    fakes.connection.value = "offline";
    fakes.answers.set("openFile", [{ ok: false, problem: "offline" }]);
    await show(fileMessage(1, NOW, lunch.file));
    await expect.element(page.getByText("Not loaded: there is no connection.")).toBeVisible();
    fakes.connection.value = "online";
    await expect.element(page.getByRole("button", { name: "Open photo" })).toBeVisible();
  });
});

describe("a file on its way", () => {
  const waiting = fileMessage(null, NOW, paper("plan.pdf", 4_000_000), "", { state: "queued" });
  const { id } = waiting as Extract<TimelineItem, { kind: "message" }>;

  it("says how far it is, in a progress bar with its name, and can be cancelled", async () => {
    fakes.files.transfers.value = up(id, 1_000_000, 4_000_000);
    await show(waiting);
    const bar = page.getByRole("progressbar", { name: "plan.pdf" });
    await expect.element(bar).toHaveAttribute("value", "1000000");
    await expect.element(page.getByText(/^977 kB of 3\.8 MB · 4 secs? left$/)).toBeVisible();
    await userEvent.click(page.getByRole("button", { name: "Cancel upload of plan.pdf" }));
    expect(calls("discard")).toEqual([id]);
  });

  it("waits for the network, and says so", async () => {
    fakes.connection.value = "offline";
    await show(waiting);
    const said = page.getByText("Upload continues when you are online");
    await expect.element(said).toBeVisible();
    fakes.connection.value = "online";
    await expect.element(page.getByText("Waiting to be uploaded")).toBeVisible();
  });

  it("of which this tab alone has a copy says that the tab has to stay", async () => {
    const file = { ...paper("plan.pdf", 4_000_000), isVolatile: true } as const;
    await show(fileMessage(null, NOW, file, "", { state: "queued" }));
    await expect.element(page.getByText("Keep this tab open until it is sent")).toBeVisible();
  });

  it("that failed says why, and can be tried again or discarded", async () => {
    const failed = { state: "failed", problem: "file_lost" } as const;
    await show(fileMessage(null, NOW, paper("plan.pdf", 4_000_000), "", failed));
    await expect.element(page.getByText(/is gone from this browser/)).toBeVisible();
    await userEvent.click(page.getByRole("button", { name: "Retry" }));
    await userEvent.click(page.getByRole("button", { name: "Discard" }));
    expect([calls("retry"), calls("discard")]).toEqual([[id], [id]]);
  });
});

describe("what one does with a file", () => {
  it("a document is saved under its own name", async () => {
    const saved: string[] = [];
    const noted = (event: MouseEvent): void => {
      if (!(event.target instanceof HTMLAnchorElement)) return;
      event.preventDefault();
      saved.push(event.target.download);
    };
    HTMLAnchorElement.prototype.click = function click() {
      noted({ target: this, preventDefault: () => undefined } as unknown as MouseEvent);
    };
    await show(fileMessage(1, NOW, paper("plan \u05d0.pdf", 4_000)));
    await userEvent.click(page.getByRole("button", { name: "Save plan \u05d0.pdf" }));
    await expect.poll(() => saved).toEqual(["plan \u05d0.pdf"]);
    await choose("Save");
    await expect.poll(() => saved.length).toBe(2);
    await expect.element(page.getByText("Saved on this device")).toBeVisible();
    Reflect.deleteProperty(HTMLAnchorElement.prototype, "click");
  });

  it("has a name that is isolated from the words around it", async () => {
    await show(fileMessage(1, NOW, paper("plan.pdf", 4_000)));
    await expect.poll(() => document.querySelector("bdi.file-name")?.textContent).toBe("plan.pdf");
  });

  it("is forwarded to a conversation that is chosen", async () => {
    await show(fileMessage(1, NOW, paper("plan.pdf", 4_000)));
    await choose("Forward");
    const dialog = page.getByRole("dialog", { name: "Forward to" });
    await expect.element(dialog.getByRole("button", { name: "Luis" })).toBeVisible();
    // The one it stands in is none to forward it to.
    await expect.element(dialog.getByRole("button", { name: "Ana" })).not.toBeInTheDocument();
    await userEvent.fill(dialog.getByRole("searchbox"), "lu");
    await userEvent.click(dialog.getByRole("button", { name: "Luis" }));
    await expect.element(page.getByText("Forwarded to Luis")).toBeVisible();
    expect(calls("forwardFile")).toEqual([
      { from: { conversation: C1, message: 1 }, to: C2, caption: "" },
    ]);
  });

  it("deleting it says that the file goes too, and it cannot be edited", async () => {
    await show(fileMessage(1, NOW, paper("plan.pdf", 4_000), "", { state: "sent" }));
    const message = article().element();
    if (message instanceof HTMLElement) message.focus();
    await userEvent.keyboard("{Enter}");
    await expect.element(page.getByRole("menuitem", { name: "Save" })).toBeVisible();
    await expect.element(page.getByRole("menuitem", { name: "Edit" })).not.toBeInTheDocument();
    await userEvent.click(page.getByRole("menuitem", { name: "Delete for everyone" }));
    await expect.element(page.getByRole("dialog")).toHaveTextContent("The file goes as well.");
  });

  it("an answer says what it answers", async () => {
    await show(fileMessage(1, NOW, voiceNote(32)));
    await choose("Reply");
    await expect.element(page.getByText("Voice note, 0:32")).toBeVisible();
  });
});
