import { concatBytes } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { partCount, partLength } from "../../../../workers/protocol/file-layout.ts";
import type { Span } from "../../../core/files/layout.ts";
import type { Copies, CopyPlace } from "../../../platform/files/copies.ts";
import { fileCrypto } from "../../../platform/files/file-crypto.ts";
import { createMemoryCopies } from "../../../platform/files/memory-copies.ts";
import type { FileTransport } from "../../../platform/files/transport.ts";
import type { OutgoingFile, Transfer } from "../../files-view.ts";
import type { Route, Tab } from "../device.test-kit.ts";
import { createFiles } from "./files.ts";

interface Upload {
  readonly bytes: number;
  readonly parts: Map<number, Uint8Array>;
  isComplete: boolean;
}

export type Step = "begin" | "put" | "putDone" | "finish" | "finishDone" | "get";

/** As a request ends that is aborted: whatever its server does. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });

/** What a server keeps of files. It is honest until `before` throws or its answers are changed. */
export class FileServer {
  readonly uploads = new Map<string, Upload>();
  readonly asked: string[] = [];
  /** called before each step and after some; what it throws is answered */
  before: (step: Step, blob: string, part: number) => unknown = () => undefined;
  /** what is given out instead of what is stored */
  gives: (bytes: Uint8Array, span: Span) => Uint8Array = (bytes, { from, to }) =>
    bytes.slice(from, to);
  atOnce = 0;
  mostAtOnce = 0;

  async #step(step: Step, blob: string, part = 0): Promise<void> {
    if (!step.endsWith("Done")) this.asked.push(part > 0 ? `${step} ${part}` : step);
    await this.before(step, blob, part);
  }

  readonly routes: Readonly<
    Record<"beginUpload" | "finishUpload" | "cancelUpload" | "storage", Route>
  > = {
    beginUpload: async (_, __, body) => {
      const { blob, bytes } = body as { blob: string; bytes: number };
      await this.#step("begin", blob);
      const held = this.uploads.get(blob) ?? { bytes, parts: new Map(), isComplete: false };
      if (held.bytes !== bytes) throw new ProtocolError("upload_mismatch");
      this.uploads.set(blob, held);
      return {
        taken: held.isComplete ? [] : [...held.parts.keys()].sort((a, b) => a - b),
        isComplete: held.isComplete,
      };
    },
    finishUpload: async ({ blob = "" }) => {
      await this.#step("finish", blob);
      const held = this.#upload(blob);
      if (held.parts.size < partCount(held.bytes)) throw new ProtocolError("upload_incomplete");
      held.isComplete = true;
      await this.#step("finishDone", blob);
      return {};
    },
    cancelUpload: ({ blob = "" }) => {
      this.asked.push("cancel");
      this.uploads.delete(blob);
      return {};
    },
    storage: () => ({
      fileBytes: 1_000_000,
      sealedBytes: 2_000_000,
      conversation: { used: 1, limit: 2 },
      account: null,
    }),
  };

  #upload(blob: string): Upload {
    const held = this.uploads.get(blob);
    if (!held) throw new ProtocolError("blob_gone");
    return held;
  }

  readonly transport: FileTransport = {
    put: async ({ blob, part }, body, { signal, sent }) => {
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      try {
        await Promise.race([this.#step("put", blob, part), aborted(signal)]);
        signal.throwIfAborted();
        const held = this.#upload(blob);
        if (body.size !== partLength(held.bytes, part)) throw new ProtocolError("upload_mismatch");
        held.parts.set(part, new Uint8Array(await body.arrayBuffer()));
        sent(body.size);
        await this.#step("putDone", blob, part);
      } finally {
        this.atOnce -= 1;
      }
    },
    get: async ({ blob }, span) => {
      await this.#step("get", blob);
      const bytes = this.gives(this.stored(blob), span);
      return new Blob([bytes.slice()]).stream();
    },
  };

  /** All bytes of a blob that is complete. */
  stored(blob: string): Uint8Array {
    const held = this.uploads.get(blob);
    if (!held?.isComplete) throw new ProtocolError("not_found");
    const parts = [...held.parts].sort(([a], [b]) => a - b);
    return concatBytes(...parts.map(([, bytes]) => bytes));
  }
}

/** Copies that outlive a tab, as those on disk do; tests in a page have no synchronous files. */
export function lastingCopies(): Copies & {
  readonly names: (place: CopyPlace) => Promise<string[]>;
} {
  const copies = createMemoryCopies(() => 1);
  return {
    ...copies,
    isDurable: true,
    names: async (place) => (await copies.list(place)).map(({ name }) => name),
  };
}

interface Around {
  readonly server: FileServer;
  readonly copies: Copies;
  readonly renew?: () => Promise<void>;
  readonly isOnline?: boolean;
}

/** Files of one tab. What is queued is noted, and sent by whoever tests that. */
export function filesOf(
  tab: Tab,
  { server, copies, renew = async () => undefined, isOnline = false }: Around,
) {
  const told: { transfer: Transfer; isOver: boolean }[] = [];
  const pauses: number[] = [];
  const flushed: string[] = [];
  const files = createFiles({
    deps: tab.deps,
    crypto: fileCrypto,
    copies,
    transport: server.transport,
    renew,
    tell: (transfer, isOver) => void told.push({ transfer, isOver }),
    changed: () => undefined,
    flush: (id) => void flushed.push(id),
    pause: async (ms) => void pauses.push(ms),
    online: () => isOnline,
    library: tab.library,
    outbox: tab.outbox,
    me: tab.me,
    timeline: () => null,
  });
  return { files, told, pauses, flushed };
}

/** Text that nothing is taken from. */
export const textFile = (size: number, name = "notes.txt"): OutgoingFile => ({
  file: new Blob([new Uint8Array(size).map((_, i) => 97 + ((i * 7 + (i >> 10)) % 26))]),
  name,
  caption: "",
  quality: "standard",
});

export const blobBytes = async (blob: Blob): Promise<Uint8Array> =>
  new Uint8Array(await blob.arrayBuffer());
