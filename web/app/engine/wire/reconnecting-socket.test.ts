import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellNetwork } from "../../../platform/network.ts";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import { FakeSocket, fakeSockets } from "./fake-socket.test-kit.ts";
import { type ReconnectingEvents, keepConnected } from "./reconnecting-socket.ts";

beforeEach(() => {
  fakeSockets();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const keep = (lost: ReconnectingEvents["lost"]) =>
  keepConnected("/ws/inbox", {
    ready: () => Promise.resolve(),
    opened: () => undefined,
    received: () => undefined,
    lost,
  });

test("a socket that rests makes no connection until it is hurried; one that was cut comes back by itself", () => {
  const kept = keep(({ code }) => (code === CLOSE.elsewhere ? "rest" : "again"));
  FakeSocket.made[0]?.end(1006);
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.made).toHaveLength(2);
  FakeSocket.made[1]?.end(CLOSE.elsewhere);
  vi.advanceTimersByTime(3_600_000);
  expect(FakeSocket.made).toHaveLength(2);
  kept.hurry();
  expect(FakeSocket.made).toHaveLength(3);
});

test("a socket that ended for good is not hurried back", () => {
  const kept = keep(() => "fatal");
  FakeSocket.made[0]?.end(CLOSE.notMember);
  kept.hurry();
  expect(FakeSocket.made).toHaveLength(1);
});

test("a socket that is there is not opened a second time, and without network none is opened", () => {
  const kept = keep(() => "again");
  kept.hurry();
  expect(FakeSocket.made).toHaveLength(1);
  tellNetwork(false);
  FakeSocket.made[0]?.end(1006);
  kept.hurry();
  vi.advanceTimersByTime(3_600_000);
  expect(FakeSocket.made).toHaveLength(1);
  tellNetwork(true);
  kept.hurry();
  expect(FakeSocket.made).toHaveLength(2);
});

test("a socket that was closed here is lost to nobody; one that the network took is", () => {
  const lost = vi.fn<ReconnectingEvents["lost"]>(() => "again");
  keep(lost).cut();
  expect(lost).toHaveBeenCalledOnce();
  keep(lost).close();
  expect(lost).toHaveBeenCalledOnce();
});
