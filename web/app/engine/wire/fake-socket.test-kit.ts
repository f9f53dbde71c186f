import { vi } from "vitest";
import { tellNetwork } from "../../../platform/network.ts";

/** The browser's socket as far as `openSocket` uses it; the test is the server. */
export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly sent: Uint8Array[] = [];
  readyState = FakeSocket.OPEN;
  binaryType = "blob";
  constructor(readonly url: URL) {
    super();
    FakeSocket.made.push(this);
  }
  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }
  close(): void {
    this.readyState = 3;
  }
  feed(frame: Uint8Array): void {
    const data = new Uint8Array(frame).buffer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  end(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  get isCut(): boolean {
    return this.readyState !== FakeSocket.OPEN;
  }
}

/** Before each test: there is a network, and each socket that is opened is one of these. */
export function fakeSockets(): void {
  tellNetwork(true);
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("self", { location: { origin: "https://thyme.test" } });
}
