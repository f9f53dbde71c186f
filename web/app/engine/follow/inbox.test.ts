import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import { FakeSocket, fakeSockets } from "../wire/fake-socket.test-kit.ts";
import { openInbox } from "./inbox.ts";

beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** An Inbox whose first socket ended so, and what was told of it. */
function endedWith(code: number) {
  const told: string[] = [];
  const inbox = openInbox({
    connected: (connected) => void told.push(connected ? "connected" : "lost"),
    elsewhere: () => void told.push("elsewhere"),
    snapshot: () => Promise.resolve(),
    activity: () => Promise.resolve(),
    record: () => undefined,
    manifest: () => undefined,
    renew: () => Promise.resolve(void told.push("renew")),
  });
  FakeSocket.made[0]?.end(code);
  vi.advanceTimersByTime(60_000);
  inbox.close();
  return { told, sockets: FakeSocket.made.length };
}

test("a socket whose place other tabs took is left to them: no network is lost and no session over", () => {
  expect(endedWith(CLOSE.elsewhere)).toEqual({ told: ["elsewhere"], sockets: 1 });
});

test("one that the network took comes back, and asks whether the session is over", () => {
  const { told, sockets } = endedWith(1006);
  expect(told.slice(0, 2)).toEqual(["lost", "renew"]);
  expect(sockets).toBeGreaterThan(1);
});
