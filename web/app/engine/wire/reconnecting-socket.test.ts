import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellNetwork } from "../../../platform/network.ts";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import { type ReconnectingEvents, keepConnected } from "./reconnecting-socket.ts";

/** The browser's socket as far as `openSocket` uses it, ended by the test. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = FakeSocket.OPEN;
  binaryType = "blob";
  constructor() {
    super();
    FakeSocket.made.push(this);
  }
  send(): void {
    // Nothing is looked at here.
  }
  close(): void {
    this.readyState = 3;
  }
  end(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

beforeEach(() => {
  tellNetwork(true);
  FakeSocket.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("self", { location: { origin: "https://thyme.test" } });
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
