import { exports } from "cloudflare:workers";
import type { Person } from "../accounts/person.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import {
  type ConversationDown,
  type ConversationUp,
  type InboxDown,
  type InboxUp,
  type LogItem,
  decodeConversationDown,
  decodeInboxDown,
  encodeConversationUp,
  encodeInboxUp,
} from "../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

const PATIENCE_MS = 20_000;

/** A socket that keeps what it gets. */
export class TestSocket<Down extends { readonly t: string }> {
  readonly frames: Down[] = [];
  closed: number | null = null;
  /** this end has asked for the close */
  isLeaving = false;
  readonly #socket: WebSocket;
  #taken = 0;
  #wakes: (() => void)[] = [];

  constructor(socket: WebSocket, decode: (bytes: Uint8Array) => Down) {
    this.#socket = socket;
    const wake = () => {
      for (const resolve of this.#wakes.splice(0)) resolve();
    };
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        const frame = decode(new Uint8Array(data));
        this.frames.push(frame);
        this.heard(frame);
      }
      wake();
    });
    socket.addEventListener("close", ({ code }) => {
      this.closed = code;
      wake();
    });
    socket.binaryType = "arraybuffer";
    socket.accept();
  }

  /** what it does by itself about a frame */
  protected heard(_frame: Down): void {
    // Nothing.
  }

  raw(message: Uint8Array | string): void {
    this.#socket.send(message);
  }

  close(code = 1000): void {
    this.isLeaving = true;
    this.#socket.close(code);
  }

  #summary(): string {
    const kinds = this.frames.slice(-20).map(({ t }) => t);
    return `closed ${this.closed}, ${this.frames.length} frames, the last: ${kinds.join(" ")}`;
  }

  async #until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`no ${what}; ${this.#summary()}`);
      await Promise.race([
        new Promise<void>((resolve) => this.#wakes.push(resolve)),
        new Promise<void>((resolve) => setTimeout(resolve, 100)),
      ]);
    }
  }

  /** The next frame of this type that was not taken yet; frames before it are passed over. */
  next<T extends Down["t"]>(t: T): Promise<Extract<Down, { t: T }>> {
    return this.#until(() => {
      const at = this.frames.findIndex((frame, i) => i >= this.#taken && frame.t === t);
      if (at < 0) return undefined;
      this.#taken = at + 1;
      return this.frames[at] as Extract<Down, { t: T }>;
    }, t);
  }

  /** All frames of this type so far. */
  all<T extends Down["t"]>(t: T): Extract<Down, { t: T }>[] {
    return this.frames.filter((frame): frame is Extract<Down, { t: T }> => frame.t === t);
  }

  until(condition: () => boolean, what: string): Promise<true> {
    return this.#until(() => (condition() ? true : undefined), what);
  }

  async closing(): Promise<number> {
    await this.until(() => this.closed !== null, "close");
    return this.closed ?? 0;
  }
}

export function upgradeRequest({ browser }: Pick<Person, "browser">, path: string): Request {
  const { origin, cookie } = browser;
  return new Request(new URL(path, origin), {
    headers: { upgrade: "websocket", origin, cookie: cookie ?? "" },
  });
}

const upgrade = (person: Pick<Person, "browser">, path: string): Promise<Response> =>
  exports.default.fetch(upgradeRequest(person, path));

export class ConversationSocket extends TestSocket<ConversationDown> {
  /** false: it reads, but never says so */
  confirms = true;

  protected override heard(frame: ConversationDown): void {
    if (frame.t !== "page" || !this.confirms || this.isLeaving) return;
    this.say({ t: "taken", mark: frame.mark });
  }

  say(frame: ConversationUp): void {
    this.raw(encodeConversationUp(frame));
  }

  async hello(cursor = 0) {
    this.say({ t: "hello", v: PROTOCOL_VERSION, cursor });
    return this.next("welcome");
  }

  send(...envelopes: readonly { readonly bytes: Uint8Array }[]): void {
    this.say({ t: "send", envelopes: envelopes.map(({ bytes }) => bytes) });
  }

  /** Everything the log frames held, in order of arrival. */
  get items(): LogItem[] {
    return this.all("log").flatMap((frame) => frame.items);
  }

  get seqs(): number[] {
    return this.items.map(({ seq }) => seq);
  }

  get acked() {
    return this.all("ack").flatMap((frame) => frame.items);
  }

  untilItems(count: number): Promise<true> {
    return this.until(() => this.items.length >= count, `${count} items`);
  }

  untilAcked(count: number): Promise<true> {
    return this.until(() => this.acked.length >= count, `${count} acks`);
  }
}

export const conversationPath = (conversation: Uint8Array): string =>
  `/ws/conversation/${toBase64url(conversation)}`;

export async function openConversation(
  person: Pick<Person, "browser">,
  conversation: Uint8Array,
): Promise<ConversationSocket> {
  const { status, webSocket } = await upgrade(person, conversationPath(conversation));
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return conversationSocket(webSocket);
}

export const conversationSocket = (socket: WebSocket): ConversationSocket =>
  new ConversationSocket(socket, decodeConversationDown);

/** The status of an upgrade that is refused. */
export const refusedUpgrade = async (
  person: Pick<Person, "browser">,
  conversation: Uint8Array,
): Promise<number> => {
  const { status, webSocket } = await upgrade(person, conversationPath(conversation));
  webSocket?.accept();
  webSocket?.close();
  return status;
};

export class InboxSocket extends TestSocket<InboxDown> {
  say(frame: InboxUp): void {
    this.raw(encodeInboxUp(frame));
  }

  async hello() {
    this.say({ t: "hello", v: PROTOCOL_VERSION });
    return this.next("snapshot");
  }
}

export async function openInbox(person: Pick<Person, "browser">): Promise<InboxSocket> {
  const { status, webSocket } = await upgrade(person, "/ws/inbox");
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return new InboxSocket(webSocket, decodeInboxDown);
}
