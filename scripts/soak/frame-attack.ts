import fc from "fast-check";
import { makeEnvelope } from "../../workers/conversation/envelope.test-kit.ts";
import { makeReceipt } from "../../workers/conversation/receipt.test-kit.ts";
import { frameEdit } from "../../workers/http/mutation.test-kit.ts";
import { inviteBundle, makeInvite } from "../../workers/protocol/bundle.test-kit.ts";
import { toBase64url } from "../../workers/protocol/bytes.ts";
import { CLOSE } from "../../workers/protocol/close-codes.ts";
import {
  decodeConversationDown,
  decodeInboxDown,
  encodeConversationUp,
  encodeInboxUp,
} from "../../workers/protocol/frames.ts";
import { PROTOCOL_VERSION as v } from "../../workers/protocol/version.ts";
import type { Attacker } from "./person-by-http.ts";
import type { Tally } from "./tally.ts";

/** What answers nothing for this long hangs. */
const PATIENCE_MS = 20_000;
const TYPED_CLOSES: readonly number[] = Object.values(CLOSE);
/** After these the server ends the socket; to wait for the end of the closing handshake takes seconds. */
const LAST_WORDS: readonly string[] = ["bad_request", "too_large", "unsupported_version"];

interface Kind {
  readonly path: string;
  /** makes the server say something, whatever was sent before it */
  readonly probe: Uint8Array<ArrayBuffer>;
  readonly valid: (attacker: Attacker, turn: number) => readonly Uint8Array[];
  /** Throws for what the contract does not know. */
  readonly read: (bytes: Uint8Array) => { readonly t: string; readonly error?: string };
  readonly isProbeAnswer: (t: string) => boolean;
}

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const conversation = ({ genesis }: Attacker): Kind => ({
  path: `/ws/conversation/${toBase64url(genesis.core.conversation)}`,
  probe: own(encodeConversationUp({ t: "hello", v, cursor: 0 })),
  valid: ({ author, genesis: head }, turn) => {
    const invite = makeInvite(Date.now() + 1_000_000);
    const next = inviteBundle(author, head, invite, (core) => ({ ...core, time: Date.now() }));
    // Never the one after the last: a log that grows would be what is measured.
    const { bytes } = makeEnvelope(author, head, turn + 2, {}, 40);
    const signed = { ...next.upload, signature: new Uint8Array(64) };
    return [
      encodeConversationUp({ t: "hello", v, cursor: 1 }),
      encodeConversationUp({ t: "send", envelopes: [bytes] }),
      encodeConversationUp({ t: "bundle", bundle: signed, envelopes: [bytes] }),
      encodeConversationUp({ t: "received", seq: 1 }),
      encodeConversationUp({ t: "receipt", receipt: makeReceipt(author, head, turn + 1).bytes }),
      encodeConversationUp({ t: "typing", on: true }),
      encodeConversationUp({ t: "presence", on: true }),
    ];
  },
  read: decodeConversationDown,
  isProbeAnswer: (t) => t === "welcome",
});

const inbox = (attacker: Attacker): Kind => ({
  path: "/ws/inbox",
  probe: own(encodeInboxUp({ t: "hello", v })),
  valid: () => [
    encodeInboxUp({ t: "hello", v }),
    encodeInboxUp({ t: "read", conversation: attacker.genesis.core.conversation, seq: 1 }),
  ],
  read: decodeInboxDown,
  isProbeAnswer: (t) => t === "snapshot",
});

/** Node's WebSocket takes headers, which its type, the browser's, does not know. */
const HeadedSocket = WebSocket as unknown as new (
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

class Line {
  readonly #kind: Kind;
  readonly #tally: Tally;
  readonly #socket: WebSocket;
  /** The server ends it, or has. */
  isOver = false;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket, kind: Kind, tally: Tally) {
    this.#kind = kind;
    this.#tally = tally;
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#hear(data));
    socket.addEventListener("close", ({ code }) => {
      // After our own end the handshake may be cut short.
      if (!this.isOver && !TYPED_CLOSES.includes(code)) tally.wrong(`closed with ${code}`);
      this.isOver = true;
      this.#wake();
    });
  }

  static async open(origin: string, { cookie }: Attacker, kind: Kind, tally: Tally): Promise<Line> {
    const socket = new HeadedSocket(new URL(kind.path, origin.replace("http", "ws")), {
      headers: { origin, cookie },
    });
    const line = new Line(socket, kind, tally);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`${kind.path} does not open`)));
    });
    return line;
  }

  #hear(data: unknown): void {
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError("a text");
      const { t, error } = this.#kind.read(new Uint8Array(data));
      this.#tally.note(error ?? t);
      if (error === "internal") this.#tally.wrong("a frame was answered with internal");
      if (error !== undefined && LAST_WORDS.includes(error)) this.end();
      if (this.isOver || this.#kind.isProbeAnswer(t)) this.#wake();
    } catch (error) {
      this.#tally.wrong(`a frame is not of the contract: ${String(error)}`);
    }
  }

  /** Sends it and waits until the server has said something after it, or has closed. */
  async strike(message: Uint8Array | string): Promise<void> {
    const answered = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.#socket.send(typeof message === "string" ? message : own(message));
    this.#socket.send(this.#kind.probe);
    if (await answered) return;
    const shown = typeof message === "string" ? JSON.stringify(message) : toBase64url(message);
    this.#tally.wrong(`no answer to ${shown}`);
    this.end();
  }

  end(): void {
    this.isOver = true;
    this.#socket.close();
  }
}

/** Random and mutated frames over real sockets, of which a new one is opened where the server ended the last. */
export async function attackByFrames(
  origin: string,
  attacker: Attacker,
  seed: number,
  count: number,
  tally: Tally,
): Promise<void> {
  for (const [kind, share] of [
    [conversation(attacker), Math.ceil(count * 0.8)],
    [inbox(attacker), Math.floor(count * 0.2)],
  ] as const) {
    const valid = kind.valid(attacker, seed % 1_000_000);
    let line: Line | null = null;
    for (const [i, by] of fc.sample(frameEdit, { seed, numRuns: share }).entries()) {
      line ??= await Line.open(origin, attacker, kind, tally);
      await line.strike(by(valid[i % valid.length] ?? new Uint8Array()));
      if (line.isOver) line = null;
    }
    line?.end();
  }
}
