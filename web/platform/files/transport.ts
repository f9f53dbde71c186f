import { APP_ENDPOINTS } from "../../../workers/protocol/http/app-endpoints.ts";
import { ProtocolError, errorBody } from "../../../workers/protocol/errors.ts";
import type { BlobId, ConversationId } from "../../../workers/protocol/ids.ts";
import type { Span } from "../../core/files/layout.ts";
import type { Clock } from "../clock.ts";
import { PlatformError } from "../problem.ts";

export interface BlobPlace {
  readonly conversation: ConversationId;
  readonly blob: BlobId;
}

/** F1: encrypted bytes, up and down. What is refused is a ProtocolError, what is not answered PlatformError `offline`. */
export interface FileTransport {
  /** `sent` hears how many bytes of it have gone. The browser reads it from where it lies. */
  put(
    to: BlobPlace & { readonly part: number },
    body: Blob,
    how: { readonly signal: AbortSignal; readonly sent: (bytes: number) => void },
  ): Promise<void>;
  /** The bytes of this span as they come; there may be fewer or more, as the server likes. */
  get(from: BlobPlace, span: Span, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** So long nothing may move before the network is taken to be gone. */
const SILENCE_MS = 60_000;

const fill = (path: string, values: Readonly<Record<string, string | number>>): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));

function refusalOf(status: number, text: string): ProtocolError {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy or a Worker that is starting answers without our body.
  }
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return new ProtocolError(status >= 500 ? "unavailable" : "bad_request");
  return new ProtocolError(parsed.data.error, undefined, parsed.data.retryAfterMs);
}

/** `clock` is told the time of each answer. */
export function createFileTransport(clock: Pick<Clock, "heard">): FileTransport {
  return {
    // Only this says how much of a request has gone.
    put: (to, body, { signal, sent }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        const { method, path } = APP_ENDPOINTS.uploadPart;
        request.open(method, fill(path, { ...to }));
        request.setRequestHeader("content-type", "application/octet-stream");
        const stop = (): void => request.abort();
        let timer = setTimeout(stop, SILENCE_MS);
        const alive = (): void => {
          clearTimeout(timer);
          timer = setTimeout(stop, SILENCE_MS);
        };
        request.upload.addEventListener("progress", ({ loaded }) => {
          alive();
          sent(Math.min(loaded, body.size));
        });
        request.addEventListener("loadend", () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", stop);
          if (request.status === 0) return reject(new PlatformError("offline"));
          clock.heard(request.getResponseHeader("date"));
          if (request.status < 300) return resolve();
          reject(refusalOf(request.status, request.responseText));
        });
        signal.addEventListener("abort", stop);
        if (signal.aborted) return stop();
        request.send(body);
      }),
    async get({ conversation, blob }, { from, to }, signal) {
      const { method, path } = APP_ENDPOINTS.blob;
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), SILENCE_MS);
      let response: Response;
      try {
        response = await fetch(fill(path, { conversation, blob }), {
          method,
          credentials: "same-origin",
          cache: "no-store",
          redirect: "error",
          headers: { range: `bytes=${from}-${to - 1}` },
          signal: AbortSignal.any([signal, silence.signal]),
        });
      } catch (cause) {
        throw new PlatformError("offline", cause);
      } finally {
        clearTimeout(timer);
      }
      clock.heard(response.headers.get("date"));
      if (!response.ok) throw refusalOf(response.status, await response.text().catch(() => ""));
      // All of it, where only a part was asked for, would be taken for that part.
      if (response.status !== 206 || !response.body)
        throw new ProtocolError("internal", "no range");
      return response.body;
    },
  };
}
