import { describe, expect, it } from "vitest";
import { CHANGE_MS, type Delivery, type PendingChange } from "../../app/timeline.ts";
import { message } from "../fake-models.test-kit.ts";
import type { MessageItem } from "../message/blocks.ts";
import { isChangeable, lastToEdit } from "./changeable.ts";
import { messageNamed } from "../../app/ids.test-kit.ts";

const now = 1_800_000_000_000;
const SENT: Delivery = { state: "sent" };
const said = (seq: number | null, at: number, delivery: Delivery | null = SENT): MessageItem => {
  const item = message(seq, at, "x", delivery);
  if (item.kind !== "message") throw new Error("not a message");
  return item;
};
const deletion = (delivery: Delivery): PendingChange => ({
  id: messageNamed("c"),
  what: "deletion",
  delivery,
});

describe("M5 a message can be edited and deleted for everyone", () => {
  it("by its author, once it has a place, for a day", () => {
    expect(isChangeable(said(1, now), now)).toBe(true);
    expect(isChangeable(said(1, now, null), now)).toBe(false);
    expect(isChangeable(said(null, now), now)).toBe(false);
    expect(isChangeable(said(1, now - CHANGE_MS + 1), now)).toBe(true);
    expect(isChangeable(said(1, now - CHANGE_MS), now)).toBe(false);
  });

  it("unless its deletion is under way; one that failed leaves it as it was", () => {
    const item = said(1, now);
    expect(isChangeable({ ...item, change: deletion({ state: "queued" }) }, now)).toBe(false);
    const failed = deletion({ state: "failed", problem: "offline" });
    expect(isChangeable({ ...item, change: failed }, now)).toBe(true);
  });
});

describe("the last own message", () => {
  it("is the one to edit, whoever wrote after it", () => {
    const mine = said(2, now - 5);
    expect(lastToEdit([said(1, now - 9), mine, said(3, now, null)], now)).toBe(mine);
  });

  it("is not replaced by an older one when it cannot be edited", () => {
    expect(lastToEdit([said(1, now - 9), said(null, now)], now)).toBeNull();
    expect(lastToEdit([], now)).toBeNull();
  });
});
