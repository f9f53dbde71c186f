import { PlatformError } from "../../../platform/problem.ts";

/** So long nothing may come before the network is taken to be gone. */
const SILENCE_MS = 60_000;

/** Bytes of a stream in pieces of exactly the length that is asked for. */
export interface ExactReader {
  /** Throws PlatformError `offline` where the stream ends, or rests, before. */
  take(length: number): Promise<Uint8Array>;
  /** What else comes is not fetched. */
  cancel(): Promise<void>;
}

export function exactReader(stream: ReadableStream<Uint8Array>): ExactReader {
  const reader = stream.getReader();
  let held: Uint8Array = new Uint8Array();
  const next = async (): Promise<Uint8Array> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PlatformError("offline")), SILENCE_MS);
    });
    try {
      const { done, value } = await Promise.race([reader.read(), silence]);
      if (done) throw new PlatformError("offline");
      return value;
    } catch (cause) {
      throw cause instanceof PlatformError ? cause : new PlatformError("offline", cause);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    async take(length) {
      const whole = new Uint8Array(length);
      let at = 0;
      while (at < length) {
        if (held.length === 0) held = await next();
        const piece = held.subarray(0, length - at);
        whole.set(piece, at);
        at += piece.length;
        held = held.subarray(piece.length);
      }
      return whole;
    },
    cancel: () => reader.cancel().catch(() => undefined),
  };
}
