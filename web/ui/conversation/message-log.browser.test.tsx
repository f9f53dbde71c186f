import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { TimelineItem } from "../../app/view.ts";
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
import { forgetDrafts } from "./drafts.ts";
import { ConversationScreen } from "./conversation-screen.tsx";
import "../styles/workspace.css";

const start = new Date("2026-11-18T08:00:00").getTime();
/** Of different heights, so that counting items instead of measuring them would show. */
const say = (seq: number): TimelineItem =>
  message(seq, start + seq * 60_000, `Message ${seq} ${"word ".repeat((seq * 7) % 40)}`);
const range = (from: number, to: number): TimelineItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => say(from + index));
const own = (state: "queued" | "sent", seq: number | null = null): TimelineItem =>
  message(seq, start + 9_000_000, "My answer", { state });

let fakes: Fakes;
const log = () => page.getByRole("log", { name: "Messages" }).element() as HTMLElement;
const top = (seq: number): number =>
  (document.querySelector(`[data-id="m${seq}"]`)?.getBoundingClientRect().top ?? Number.NaN) -
  log().getBoundingClientRect().top;
const fromBottom = (): number => log().scrollHeight - log().clientHeight - log().scrollTop;
const calls = (name: string) => fakes.calls.filter(([known]) => known === name);

async function show(items: readonly TimelineItem[], change = {}): Promise<void> {
  fakes.timeline.value = timeline(items, change);
  await settled();
}

async function scrollTo(y: number): Promise<void> {
  log().scrollTop = y;
  await settled();
}

beforeEach(async () => {
  forgetDrafts();
  await page.viewport(800, 600);
  fakes = fakeModels({ me: practitioner });
  fakes.rows.value = [row("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.timeline.value = timeline(range(101, 160), { older: "available" });
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
});
afterEach(unmount);

describe("the reader's place", () => {
  it("is the end when the conversation opens", () => expect(fromBottom()).toBeLessThan(2));

  it("is kept to the pixel when older messages come in above", async () => {
    await scrollTo(900);
    const before = top(110);
    await show(range(51, 160), { older: "loading" });
    expect(Math.abs(top(110) - before)).toBeLessThan(1);
    await show(range(1, 160), { older: "none" });
    expect(Math.abs(top(110) - before)).toBeLessThan(1);
  });

  it("is kept when a message above changes its height", async () => {
    await scrollTo(2000);
    const before = top(140);
    const items = range(101, 160);
    items[2] = message(103, start, "longer ".repeat(200));
    await show(items);
    expect(Math.abs(top(140) - before)).toBeLessThan(1);
  });

  it("follows what arrives at the end, and a composer that grows", async () => {
    await show(range(101, 163));
    expect(fromBottom()).toBeLessThan(2);
    await userEvent.fill(page.getByRole("textbox", { name: "Message" }), "a\nb\nc\nd\ne");
    await settled();
    expect(fromBottom()).toBeLessThan(2);
  });

  it("does not move for arrivals while one reads above; a button counts them and leads there", async () => {
    await scrollTo(900);
    const before = top(110);
    await show(range(101, 162));
    expect(Math.abs(top(110) - before)).toBeLessThan(1);
    await page.getByRole("button", { name: "2 new messages" }).click();
    await settled();
    expect(fromBottom()).toBeLessThan(2);
    await expect
      .element(page.getByRole("button", { name: "Jump to latest" }))
      .not.toBeInTheDocument();
  });

  it("goes to the end with an own message", async () => {
    await scrollTo(900);
    await show([...range(101, 160), own("queued")]);
    expect(fromBottom()).toBeLessThan(2);
  });

  it("does not move when an own message is acknowledged", async () => {
    await show([...range(101, 160), own("queued")]);
    await scrollTo(900);
    const before = top(110);
    await show([...range(101, 160), own("sent", 161)]);
    expect(Math.abs(top(110) - before)).toBeLessThan(1);
  });
});

describe("older messages", () => {
  it("are asked for before the reader gets there", async () => {
    expect(calls("loadOlder")).toEqual([]);
    await scrollTo(300);
    await expect.poll(() => calls("loadOlder").length).toBe(1);
  });

  it("can be asked for again when they were out of reach", async () => {
    await show(range(101, 160), { older: "unreachable" });
    await scrollTo(0);
    await page.getByRole("button", { name: "Try again" }).click();
    expect(calls("loadOlder").length).toBe(1);
  });
});

describe("new messages", () => {
  it("open the conversation at their divider", async () => {
    unmount();
    fakes.timeline.value = timeline(range(101, 160), { newFrom: 120 });
    await mount(
      fakes.models,
      <div class="workspace" style={{ blockSize: "600px" }}>
        <ConversationScreen id="c1" />
      </div>,
    );
    await settled();
    expect(top(120)).toBeGreaterThan(0);
    expect(top(120)).toBeLessThan(log().clientHeight / 2);
    // Only what was really in sight is read.
    const read = calls("read").at(-1)?.[1];
    expect(read).toBeGreaterThanOrEqual(120);
    expect(read).toBeLessThan(140);
  });

  it("are read once each, as far as they are seen", async () => {
    expect(calls("read")).toEqual([["read", 160]]);
    await scrollTo(0);
    await show(range(101, 161));
    expect(calls("read").length).toBe(1);
    await scrollTo(log().scrollHeight);
    expect(calls("read").at(-1)).toEqual(["read", 161]);
  });

  it("are announced beside the silent log, own ones and history are not", async () => {
    expect(log().getAttribute("aria-live")).toBe("off");
    const said = () => document.querySelector(".log-frame > output")?.textContent;
    await show([...range(51, 160), own("queued")]);
    expect(said()).toBe("");
    await show([...range(51, 161), own("queued")]);
    await expect.poll(said).toMatch(/^Ana: Message 161/);
  });
});

describe("a message", () => {
  it("is an article named by sender and time", async () => {
    await show([say(1), own("sent", 2)]);
    await expect.element(page.getByRole("article", { name: "Ana, 08:01" })).toBeVisible();
    await expect
      .element(page.getByRole("article", { name: /^You, / }))
      .toHaveTextContent(/My answer.*Sent/);
  });

  it("that failed can be tried again or discarded", async () => {
    const failed = message(null, start, "x", { state: "failed", problem: "not_verified" });
    await show([say(1), failed]);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("button", { name: "Discard" }).click();
    expect(calls("retry")).toEqual([["retry", failed.id]]);
    expect(calls("discard")).toEqual([["discard", failed.id]]);
  });
});
