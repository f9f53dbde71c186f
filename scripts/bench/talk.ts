import { toBase64url } from "../../workers/protocol/bytes.ts";
import type { TestBundle } from "../../workers/protocol/bundle.test-kit.ts";
import {
  type ConversationDown,
  type ConversationUp,
  decodeConversationDown,
  encodeConversationUp,
} from "../../workers/protocol/frames.ts";
import { makeEnvelope } from "../../workers/conversation/envelope.test-kit.ts";
import type { BenchPerson } from "./person-by-http.ts";
import { RawSocket } from "./raw-socket.ts";

/** One who writes in a conversation and waits for each acknowledgement. */
export class Talk {
  readonly socket: RawSocket;
  #deviceSeq: number;
  readonly #person: BenchPerson;
  readonly #bundle: TestBundle;
  #heard: (frame: ConversationDown) => void = () => undefined;

  private constructor(socket: RawSocket, person: BenchPerson, bundle: TestBundle, last: number) {
    this.socket = socket;
    this.#person = person;
    this.#bundle = bundle;
    this.#deviceSeq = last;
    socket.heard = (bytes) => this.#heard(decodeConversationDown(bytes));
  }

  static async open(origin: URL, person: BenchPerson, bundle: TestBundle, last = 0): Promise<Talk> {
    const path = `/ws/conversation/${toBase64url(bundle.core.conversation)}`;
    const socket = await RawSocket.open(origin, path, person.cookie);
    return new Talk(socket, person, bundle, last);
  }

  say(frame: ConversationUp): void {
    this.socket.send(encodeConversationUp(frame));
  }

  /** Milliseconds until it was acknowledged; what is refused for its rate is sent again. */
  async write(size: number): Promise<number> {
    this.#deviceSeq += 1;
    const { bytes } = makeEnvelope(this.#person.author, this.#bundle, this.#deviceSeq, {}, size);
    for (;;) {
      const start = performance.now();
      const answer = new Promise<ConversationDown>((resolve) => (this.#heard = resolve));
      this.say({ t: "send", envelopes: [bytes] });
      const frame = await answer;
      if (frame.t === "ack") return performance.now() - start;
      if (frame.t !== "refused" || frame.retryAfterMs === undefined) {
        throw new Error(`a message was answered by ${JSON.stringify(frame)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, frame.retryAfterMs));
    }
  }
}
