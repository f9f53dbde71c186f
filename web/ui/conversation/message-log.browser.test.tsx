import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Timeline, TimelineItem } from "../../app/view.ts";
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
/** The first message in sight: in a virtual list only that one's place is certain. */
const inSight = (): number => {
  const edge = log().getBoundingClientRect().top;
  const first = [...log().querySelectorAll("article")].find(
    (article) => article.getBoundingClientRect().top >= edge,
  );
  return Number(first?.getAttribute("data-id")?.slice(1));
};
const fromBottom = (): number => log().scrollHeight - log().clientHeight - log().scrollTop;
const calls = (name: string) => fakes.calls.filter(([known]) => known === name);

/** Rows that come into sight are measured in the frame after: then nothing moves any more. */
async function still(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await settled();
}

async function show(items: readonly TimelineItem[], change = {}): Promise<void> {
  fakes.timeline.value = timeline(items, change);
  await still();
}

async function scrollTo(y: number): Promise<void> {
  log().scrollTop = y;
  await still();
}

/** Changes the timeline and says how far the message in sight has moved, at worst, in any frame until all is still. */
async function movedBy(items: readonly TimelineItem[], change = {}): Promise<number> {
  const seq = inSight();
  const before = top(seq);
  let worst = 0;
  fakes.timeline.value = timeline(items, change);
  for (let frame = 0; frame < 8; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    // After the frame's own callbacks, observers included: what is painted.
    await new Promise((resolve) => setTimeout(resolve));
    const moved = Math.abs(top(seq) - before);
    worst = Number.isNaN(moved) ? Number.POSITIVE_INFINITY : Math.max(worst, moved);
  }
  return worst;
}

async function open(change: Partial<Timeline>): Promise<void> {
  fakes.timeline.value = timeline(range(101, 160), change);
  await mount(
    fakes.models,
    <div class="workspace" style={{ blockSize: "600px" }}>
      <div class="main-pane" style={{ gridColumn: "1 / -1" }}>
        <ConversationScreen id="c1" />
      </div>
    </div>,
  );
  await still();
}

beforeEach(async () => {
  forgetDrafts();
  await page.viewport(800, 600);
  fakes = fakeModels({ me: practitioner });
  fakes.rows.value = [row("c1", "Ana Morales")];
  fakes.details.value = details({ createdAt: new Date("2026-10-01T08:00:00").getTime() });
  await open({ older: "available" });
});
afterEach(unmount);

describe("the reader's place", () => {
  it("is the end when the conversation opens", () => expect(fromBottom()).toBeLessThan(2));

  it("is kept to the pixel when older messages come in above", async () => {
    await scrollTo(900);
    expect(await movedBy(range(51, 160), { older: "loading" })).toBeLessThan(1);
    expect(await movedBy(range(1, 160), { older: "none" })).toBeLessThan(1);
  });

  it("is kept when the stretch moves on: messages come in above while others go below", async () => {
    await scrollTo(900);
    const change = { older: "available", newer: "available" };
    expect(await movedBy(range(61, 140), change)).toBeLessThan(1);
    expect(await movedBy(range(91, 160), { ...change, newer: "none" })).toBeLessThan(1);
  });

  it("is kept while one scrolls up through rows that were never measured", async () => {
    await show(range(1, 160), { older: "none" });
    await scrollTo(log().scrollHeight);
    for (let step = 0; step < 25; step += 1) {
      const seq = inSight();
      const before = top(seq);
      log().scrollTop -= 200;
      await still();
      expect(Math.abs(top(seq) - before - 200)).toBeLessThan(1.5);
    }
  });

  it("is kept when a message above changes its height", async () => {
    await scrollTo(2000);
    const items = range(101, 160);
    const above = inSight() - 101 - 4;
    items[above] = message(101 + above, start, "longer ".repeat(200));
    expect(await movedBy(items, { older: "available" })).toBeLessThan(1);
  });

  it("follows what arrives at the end, and a composer that grows", async () => {
    await show(range(101, 163), { older: "available" });
    expect(fromBottom()).toBeLessThan(2);
    await userEvent.fill(page.getByRole("textbox", { name: "Message" }), "a\nb\nc\nd\ne");
    await settled();
    expect(fromBottom()).toBeLessThan(2);
  });

  it("does not move for arrivals while one reads above; a button counts them and leads there", async () => {
    await scrollTo(900);
    expect(await movedBy(range(101, 162), { older: "available" })).toBeLessThan(1);
    await page.getByRole("button", { name: "2 new messages" }).click();
    await expect.poll(fromBottom).toBeLessThan(2);
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
    await show([...range(101, 160), own("queued")], { older: "available" });
    await scrollTo(900);
    const sent = [...range(101, 160), own("sent", 161)];
    expect(await movedBy(sent, { older: "available" })).toBeLessThan(1);
  });
});

describe("a message that is looked for", () => {
  const found = { seq: 20, at: 1, as: "found", top: 0 } as const;

  it("is shown in the middle, with the focus, wherever it stands in the history", async () => {
    await show(range(1, 60), { newer: "available", reveal: found });
    await expect.poll(() => document.activeElement?.getAttribute("data-id")).toBe("m20");
    const row = document.activeElement?.getBoundingClientRect();
    const middle = (row?.top ?? 0) + (row?.height ?? 0) / 2 - log().getBoundingClientRect().top;
    expect(Math.abs(middle - log().clientHeight / 2)).toBeLessThan(2);
    await page.getByRole("button", { name: "Jump to latest" }).click();
    expect(calls("showNewest").length).toBe(1);
    await show(range(101, 160), { older: "available" });
    await expect.poll(fromBottom).toBeLessThan(2);
  });

  it("is not looked for again when something else changes", async () => {
    await show(range(1, 60), { newer: "available", reveal: found });
    await expect.poll(() => document.activeElement?.getAttribute("data-id")).toBe("m20");
    await scrollTo(0);
    expect(await movedBy(range(1, 61), { newer: "available", reveal: found })).toBeLessThan(1);
  });
});

describe("where the reader left off", () => {
  it("is remembered when the scrolling pauses, and shown again", async () => {
    await scrollTo(900);
    const seq = inSight();
    await expect.poll(() => calls("keepPlace").length).toBeGreaterThan(0);
    const [, kept] = calls("keepPlace").at(-1) ?? [];
    const { place } = kept as { place: { seq: number; top: number } };
    expect(seq - place.seq).toBeLessThanOrEqual(1);
    const before = top(seq);
    unmount();
    await open({ older: "available", reveal: { ...place, at: 0, as: "kept" } });
    await expect.poll(() => Math.abs(top(seq) - before)).toBeLessThan(1);
    await scrollTo(log().scrollHeight);
    await expect
      .poll(() => calls("keepPlace").at(-1))
      .toEqual(["keepPlace", { id: "c1", place: null }]);
  });
});

describe("the day", () => {
  it("of what is in sight stays in sight; its button asks for another", async () => {
    await scrollTo(900);
    await page
      .getByRole("button", { name: /Jump to date/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog", { name: "Jump to date" });
    await dialog.getByLabelText("Date").fill("2026-11-01");
    await dialog.getByRole("button", { name: "Show" }).click();
    await expect.element(dialog).not.toBeInTheDocument();
    expect(calls("showDate")).toEqual([["showDate", new Date("2026-11-01T00:00").getTime()]]);
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
    await open({ newFrom: 120 });
    await expect.poll(() => top(120)).toBeGreaterThan(0);
    await expect.poll(() => top(120)).toBeLessThan(log().clientHeight / 2);
    // Only what was really in sight is read.
    await expect.poll(() => calls("read").length).toBeGreaterThan(0);
    const read = calls("read").at(-1)?.[1];
    expect(read).toBeGreaterThanOrEqual(120);
    expect(read).toBeLessThan(140);
  });

  it("are read once each, as far as they are seen", async () => {
    await expect.poll(() => calls("read")).toEqual([["read", 160]]);
    await scrollTo(0);
    await show(range(101, 161), { older: "available" });
    expect(calls("read").length).toBe(1);
    expect(inSight()).toBeLessThan(130);
    await scrollTo(log().scrollHeight);
    await expect.poll(() => calls("read").at(-1)).toEqual(["read", 161]);
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
