/** Bytes after which a reader is asked to say that it has read them. */
const ASK_BYTES = 256 * 1024;

/** Bytes that a reader may leave unread. More is memory that it holds here for nothing. */
const STOP_BYTES = 1024 * 1024;

/** How much a socket was sent and has not confirmed. */
export class ReadWindow {
  #unread = 0;
  #isAsked: boolean;

  constructor(isAsked: boolean) {
    this.#isAsked = isAsked;
  }

  /** What is due now that this many bytes more were sent. */
  sent(bytes: number): "nothing" | "ask" | "stop" {
    this.#unread += bytes;
    if (this.#unread > STOP_BYTES) return "stop";
    return this.#unread > ASK_BYTES && !this.#isAsked ? "ask" : "nothing";
  }

  asked(): void {
    this.#isAsked = true;
  }

  /** All before the question was read, and what came since is on its way. */
  confirmed(): void {
    this.#isAsked = false;
    this.#unread = 0;
  }
}
