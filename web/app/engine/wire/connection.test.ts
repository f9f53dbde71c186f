import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellNetwork } from "../../../platform/network.ts";
import type { Connection } from "../../view.ts";
import { type ConnectionWatch, watchConnection } from "./connection.ts";

beforeEach(() => {
  tellNetwork(true);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function set(): { watch: ConnectionWatch; told: Connection[] } {
  const told: Connection[] = [];
  const watch = watchConnection((connection) => told.push(connection));
  watch.connected(true);
  return { watch, told };
}

test("a tab whose place others took says so at once, and no failure follows it; it is online when it is back", () => {
  const { watch, told } = set();
  watch.elsewhere();
  watch.connected(false);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(["elsewhere"]);
  watch.back();
  expect(told).toEqual(["elsewhere", "online"]);
});

test("without network that is said of every tab, wherever its place is", () => {
  const { watch, told } = set();
  watch.elsewhere();
  tellNetwork(false);
  watch.connected(false);
  expect(told).toEqual(["elsewhere", "offline"]);
});

test("the list's socket ends it as well; a conversation's says nothing of a lost network", () => {
  const { watch, told } = set();
  watch.elsewhere();
  watch.connected(true);
  expect(told).toEqual(["elsewhere", "online"]);
  watch.connected(false);
  vi.advanceTimersByTime(60_000);
  watch.back();
  expect(told).toEqual(["elsewhere", "online", "offline"]);
});
