import { describe, expect, test } from "vitest";
import type { Content } from "../messages/payload.ts";
import {
  type Stored,
  type Unsent,
  continuesGroup,
  isWaitingForYou,
  previewOf,
  profileNames,
  timelineOf,
  unreadOf,
} from "./timeline.ts";

const text = (value: string): Content => ({ kind: "text", text: value });
const message = (
  seq: number,
  account: string,
  deviceSeq: number,
  content: Content = text(`t${seq}`),
): Stored => ({
  type: "message",
  id: `${account}${deviceSeq}`,
  seq,
  at: seq * 1000,
  account,
  device: `${account}-device`,
  deviceSeq,
  content,
});
const unsent = (id: string): Unsent => ({ id, at: 99_000, content: text(id) });
const shown = (stored: Stored[], waiting: Unsent[] = [], fromStart = false) =>
  timelineOf(stored, waiting, fromStart).map((line) => {
    switch (line.type) {
      case "stored":
        return line.stored.seq;
      case "unsent":
        return line.unsent.id;
      case "missing":
        return `missing ${line.count} before ${line.seq}`;
    }
  });

describe("display order", () => {
  test("M6 is the server's seq; unsent ones come last, in their order", () => {
    const stored = [message(3, "a", 2), message(1, "a", 1), message(2, "b", 1)];
    expect(shown(stored, [unsent("y"), unsent("x")])).toEqual([1, 2, 3, "y", "x"]);
  });

  test("M6 a duplicate is shown once, an outbox item that the log brought back too", () => {
    const twice = [message(1, "a", 1), { ...message(1, "a", 1), seq: 5 }];
    expect(shown(twice, [unsent("a1"), unsent("x")])).toEqual([1, "x"]);
  });

  test("M6 a hole is shown as missing, before the message that reveals it", () => {
    expect(shown([message(1, "a", 1), message(2, "b", 1), message(3, "a", 4)])).toEqual([
      1,
      2,
      "missing 2 before 3",
      3,
    ]);
    expect(shown([message(7, "a", 40), message(8, "a", 41)])).toEqual([7, 8]);
    expect(shown([message(3, "a", 2)], [], true)).toEqual(["missing 1 before 3", 3]);
    expect(shown([message(3, "a", 1)], [], true)).toEqual([3]);
  });

  test("M9 a placeholder stands in the place that it claims", () => {
    const bad: Stored = {
      type: "quarantined",
      seq: 2,
      at: 2,
      device: "a-device",
      deviceSeq: 2,
    };
    const unreadable: Stored = { ...bad, seq: 4, device: null, deviceSeq: null };
    expect(shown([message(1, "a", 1), bad, message(3, "a", 3), unreadable])).toEqual([1, 2, 3, 4]);
  });

  test("bundles stand where they are in the order", () => {
    expect(shown([{ type: "bundle", seq: 1, at: 0 }, message(2, "a", 1)])).toEqual([1, 2]);
  });
});

describe("what the list says", () => {
  const stored = [
    message(1, "me", 1),
    message(2, "you", 1),
    message(3, "you", 2, { kind: "profile", name: "Ana" }),
  ];

  test("waiting for you: the last text is theirs, and nothing of mine is on its way", () => {
    expect(isWaitingForYou(stored, [], "me")).toBe(true);
    expect(isWaitingForYou(stored, [unsent("x")], "me")).toBe(false);
    expect(isWaitingForYou(stored, [], "you")).toBe(false);
    expect(isWaitingForYou([], [], "me")).toBe(false);
  });

  test("the preview is the last text, mine that is unsent before all", () => {
    expect(previewOf(stored, [], "me")).toEqual({ own: false, text: "t2", at: 2000 });
    expect(previewOf(stored, [unsent("x")], "me")).toEqual({ own: true, text: "x", at: 99_000 });
    expect(previewOf([], [], "me")).toBeNull();
  });

  test("unread are the others' texts after what was read", () => {
    expect([0, 1, 2].map((seq) => unreadOf(stored, seq, "me"))).toEqual([1, 1, 0]);
    expect(unreadOf(stored, 0, "you")).toBe(1);
  });

  test("I8 the newest profile of each account counts", () => {
    const renamed = [message(9, "you", 3, { kind: "profile", name: "Ana M." }), ...stored];
    expect([...profileNames(renamed)]).toEqual([["you", "Ana M."]]);
  });

  test("a group is of one sender, close together, on one day", () => {
    const day = (at: number) => (at < 500_000 ? "Monday" : "Tuesday");
    const at = (time: number, account = "a") => ({ account, at: time });
    expect(continuesGroup(at(0), at(1000), day)).toBe(true);
    expect(continuesGroup(at(0), at(1000, "b"), day)).toBe(false);
    expect(continuesGroup(at(0), at(300_000), day)).toBe(false);
    expect(continuesGroup(at(499_000), at(501_000), day)).toBe(false);
  });
});
