import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { unmount } from "../mount.test-kit.ts";
import {
  calls,
  fromBottom,
  inSight,
  log,
  movedBy,
  open,
  openLog,
  range,
  scrollTo,
  show,
  top,
} from "./log.test-kit.tsx";
import { C1, messageNamed } from "../../app/ids.test-kit.ts";

beforeEach(openLog);
afterEach(unmount);

describe("a message that is looked for", () => {
  const found = { seq: 20, at: 1, as: "found", top: 0 } as const;

  it("is shown in the middle, with the focus, wherever it stands in the history", async () => {
    await show(range(1, 60), { newer: "available", reveal: found });
    await expect
      .poll(() => document.activeElement?.getAttribute("data-id"))
      .toBe(messageNamed("m20"));
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
    await expect
      .poll(() => document.activeElement?.getAttribute("data-id"))
      .toBe(messageNamed("m20"));
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
      .toEqual(["keepPlace", { id: C1, place: null }]);
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

  it("may be one before the first message or after today: neither is refused", async () => {
    for (const [day, time] of [
      ["1901-02-03", 0],
      ["2999-12-31", new Date("2999-12-31T00:00").getTime()],
    ] as const) {
      await scrollTo(900);
      await page
        .getByRole("button", { name: /Jump to date/ })
        .first()
        .click();
      const dialog = page.getByRole("dialog", { name: "Jump to date" });
      await dialog.getByLabelText("Date").fill("");
      await expect.element(dialog.getByRole("button", { name: "Show" })).toBeDisabled();
      await dialog.getByLabelText("Date").fill(day);
      await dialog.getByRole("button", { name: "Show" }).click();
      await expect.element(dialog).not.toBeInTheDocument();
      expect(calls("showDate").at(-1)).toEqual(["showDate", time]);
    }
  });
});
