import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { message } from "../fake-models.test-kit.ts";
import { settled, unmount } from "../mount.test-kit.ts";
import {
  calls,
  forgetCalls,
  fromBottom,
  inSight,
  log,
  movedBy,
  open,
  openLog,
  own,
  range,
  say,
  scrollTo,
  show,
  start,
  still,
  top,
} from "./log.test-kit.tsx";
import { messageNamed } from "../../app/ids.test-kit.ts";

beforeEach(openLog);
afterEach(unmount);

describe("a log that has just scrolled", () => {
  it("takes a press at once", async () => {
    log().scrollTop -= 300;
    await new Promise((resolve) => log().addEventListener("scroll", resolve, { once: true }));
    await settled();
    const row = document.querySelector(`[data-id="${messageNamed(`m${inSight()}`)}"] .bubble`);
    const { left, top: y } = row?.getBoundingClientRect() ?? new DOMRect();
    expect(row?.contains(document.elementFromPoint(left + 12, y + 12))).toBe(true);
  });
});

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
    // What the log of the other tests had read before it went.
    forgetCalls();
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
    await expect.element(page.getByRole("article", { name: /^Ana, 0?8:01/ })).toBeVisible();
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
