import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ConversationSummary } from "../../view.ts";
import { watchMuteEnds } from "./mute-ends.ts";
import { conversationNamed, nameOf } from "../../ids.test-kit.ts";

const row = (name: string, mutedUntil: number | null): ConversationSummary => ({
  id: conversationNamed(name),
  title: "Ana",
  state: "active",
  preview: null,
  lastAt: 0,
  unread: 1,
  unsent: 0,
  waitingForYou: false,
  pinned: false,
  muted: true,
  mutedUntil,
  archived: false,
  draft: null,
});

const DAY = 86_400_000;
let ended: string[];
let start: number;

beforeEach(() => {
  vi.useFakeTimers();
  ended = [];
  start = Date.now();
});
afterEach(() => void vi.useRealTimers());

const watch = () =>
  watchMuteEnds(
    () => Date.now(),
    (id) => void ended.push(nameOf(id)),
  );

test("a mute that ends is told at its time, one that does not never is", () => {
  const ends = watch();
  ends.look([row("a", start + 1_000), row("b", null), row("c", start + 2_000)]);
  vi.advanceTimersByTime(999);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(ended).toEqual(["a"]);
  ends.look([row("b", null), row("c", start + 2_000)]);
  vi.advanceTimersByTime(1_000);
  expect(ended).toEqual(["a", "c"]);
});

test("one that lasts longer than a timer can ends no earlier", () => {
  const ends = watch();
  const until = start + 40 * DAY;
  ends.look([row("a", until)]);
  vi.advanceTimersByTime(30 * DAY);
  // Told early, the row is still muted, and is looked at again.
  for (const _ of ended.splice(0)) ends.look([row("a", until)]);
  vi.advanceTimersByTime(10 * DAY - 1);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(ended).toEqual(["a"]);
});

test("where nothing is muted until a time nothing is waited for", () => {
  const ends = watch();
  ends.look([row("a", start + 1_000)]);
  expect(vi.getTimerCount()).toBe(1);
  ends.look([row("a", null), row("b", null)]);
  expect(vi.getTimerCount()).toBe(0);
});

test("after signing out nothing is told any more", () => {
  const ends = watch();
  ends.look([row("a", start + 1_000)]);
  ends.close();
  vi.advanceTimersByTime(DAY);
  expect(ended).toEqual([]);
});
