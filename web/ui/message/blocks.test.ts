import { describe, expect, it } from "vitest";
import type { TimelineItem } from "../../app/timeline.ts";
import { message } from "../fake-models.test-kit.ts";
import { layOut } from "./blocks.ts";

const noon = new Date("2026-11-18T12:00:00").getTime();
const minute = 60_000;
const own = { state: "sent" } as const;

/** "day new first+last(m1) ..." */
const shape = (items: readonly TimelineItem[], newFrom: number | null = null): string =>
  layOut({ items, newFrom, older: "none" }, [])
    .map((block) => {
      if (block.kind !== "message") return block.kind;
      return `${block.first ? "[" : ""}${block.item.text}${block.last ? "]" : ""}`;
    })
    .join(" ");

describe("runs of messages", () => {
  it("join what one sender writes within five minutes", () => {
    const items = [message(1, noon, "a"), message(2, noon + 4 * minute, "b")];
    expect(shape(items)).toBe("day [a b]");
  });

  it("end after a pause, with another sender, with a notice and with a day", () => {
    const notice: TimelineItem = {
      kind: "notice",
      id: "h5",
      seq: 5,
      at: noon + 8 * minute,
      notice: { type: "missing" },
    };
    const items = [
      message(1, noon, "a"),
      message(2, noon + 5 * minute, "b"),
      message(3, noon + 6 * minute, "c", own),
      message(4, noon + 7 * minute, "d", own),
      notice,
      message(6, noon + 9 * minute, "e", own),
      message(7, noon + 12 * 60 * minute, "f", own),
    ];
    expect(shape(items)).toBe("day [a] [b] [c d] notice [e] day [f]");
  });
});

describe("the divider of new messages", () => {
  it("stands before the first unread one and ends the run", () => {
    const items = [message(1, noon, "a"), message(2, noon, "b"), message(3, noon, "c")];
    expect(shape(items, 2)).toBe("day [a] new [b c]");
    expect(shape(items, 1)).toBe("day new [a b c]");
    expect(shape(items, null)).toBe("day [a b c]");
  });

  it("stays where it is when older messages come in and own ones are under way", () => {
    const items = [message(9, noon, "z"), message(10, noon, "a"), message(null, noon, "q", own)];
    expect(shape(items, 10)).toBe("day [z] new [a] [q]");
  });
});
