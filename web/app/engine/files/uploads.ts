import { ERRORS, type ErrorCode, ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationId,
  type MessageId,
  blobIdText,
  messageIdText,
} from "../../../../workers/protocol/ids.ts";
import { CHUNK } from "../../../core/files/layout.ts";
import { FileError } from "../../../core/files/refused.ts";
import type { Outbox } from "../send/outbox.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { ConversationRecord } from "../store/records.ts";
import { backoffMs, waitMs } from "../wire/backoff.ts";
import { type FileEntry, type FilesAround, isFileEntry } from "./around.ts";
import { keepCopy } from "./keep-copy.ts";
import { plainSource, readCopy } from "./read-copy.ts";
import { upload } from "./upload.ts";
import { uploadAnew, uploadEnded, uploadFailed } from "./upload-entries.ts";

/** In one session; a server that lets go of each is not believed for ever. */
const ANEW_MOST = 2;
/** Attempts at one file before the next contact is waited for. */
const ATTEMPTS = 5;

/** What is sent of files, conversation by conversation. */
export interface Uploads {
  /**
   * What waits goes up, in its order; what is discarded stops. Resolves when nothing goes up any more here, or the
   * connection is gone: the next contact looks again. Never throws.
   */
  look(id: ConversationId): Promise<void>;
  close(): void;
}

interface Surroundings extends FilesAround {
  readonly outbox: Pick<Outbox, "entries">;
  readonly record: (id: ConversationId) => Promise<ConversationRecord | null>;
}

interface Running {
  readonly id: MessageId;
  readonly stop: AbortController;
}

interface Looking {
  /** something changed since it began */
  again: boolean;
  done: Promise<void>;
}

/** What an attempt came to; `later`: the next contact tries again. */
type Attempt =
  | "up"
  | "again"
  | "later"
  | "anew"
  | { readonly failed: ErrorCode | FileError["problem"] };

function attemptOf(error: unknown): Attempt {
  if (error instanceof FileError) return { failed: error.problem };
  if (!(error instanceof ProtocolError)) return "later";
  if (error.code === "blob_gone") return "anew";
  switch (ERRORS[error.code].remedy) {
    case "retry":
    case "reseal":
    case "rebuild":
    case "sign-in":
      return "again";
    case "update-app":
    case "give-up":
      return { failed: error.code };
  }
}

const isWaiting = (entry: FileEntry): boolean =>
  entry.state.state === "uploading" ||
  // Its message was refused since the server had let go of its file: nobody has to press for that.
  (entry.state.state === "failed" && entry.state.problem === "blob_gone");

export function createUploads(around: Surroundings): Uploads {
  const { deps, outbox } = around;
  const looking = new Map<ConversationId, Looking>();
  const running = new Map<ConversationId, Running>();
  const anew = new Map<MessageId, number>();
  let isClosed = false;

  const waiting = async (id: ConversationId): Promise<readonly FileEntry[]> =>
    (await outbox.entries(id))
      .map(({ entry }) => entry)
      .filter(isFileEntry)
      .filter((entry) => isWaiting(entry) && mayBegin(entry));

  const mayBegin = ({ state, messageId }: FileEntry): boolean =>
    state.state !== "failed" || (anew.get(messageIdText(messageId)) ?? 0) < ANEW_MOST;

  /** A6: the copy that is kept is sealed anew, under another key and name, and goes up as that. */
  const sealAnew = async (id: ConversationId, entry: FileEntry): Promise<void> => {
    const { messageId, body, state } = entry;
    const name = messageIdText(messageId);
    anew.set(name, (anew.get(name) ?? 0) + 1);
    const copy = await around.copies.open("sending", blobIdText(body.blob));
    const reader = await readCopy(around.crypto, body, copy);
    await keepCopy(around, plainSource(reader, CHUNK), (kept) =>
      uploadAnew(deps.store, id, messageId, state.state, kept, kept.blob),
    );
  };

  const attempt = async (
    id: ConversationId,
    entry: FileEntry,
    signal: AbortSignal,
  ): Promise<Attempt> => {
    try {
      if (entry.state.state === "failed") {
        await sealAnew(id, entry);
        return "again";
      }
      await upload(around, id, entry, signal);
      return "up";
    } catch (error) {
      if (signal.aborted) return "later";
      if (error instanceof ProtocolError) {
        if (ERRORS[error.code].remedy === "sign-in") await around.renew();
        else if (error.retryAfterMs !== undefined)
          await around.pause(waitMs(error.retryAfterMs, 0));
      }
      const what = attemptOf(error);
      if (what === "later") reportUnexpected(error);
      return what;
    }
  };

  /** False: the connection is gone, and what comes after it waits too. */
  const settle = async (id: ConversationId, entry: FileEntry): Promise<boolean> => {
    const { messageId } = entry;
    const stop = new AbortController();
    running.set(id, { id: messageIdText(messageId), stop });
    try {
      const what = await attempt(id, entry, stop.signal);
      if (stop.signal.aborted) {
        // Nobody wants it any more: its place at the server is free at once, or in some days by itself.
        const params = { conversation: id, blob: blobIdText(entry.body.blob) };
        await deps.api.call("cancelUpload", { params }).catch(() => undefined);
        return !isClosed;
      }
      // One request may be lost where sockets live on, and then no new contact would come.
      if (what === "later") return around.online();
      if (what === "again") return true;
      if (what === "up") {
        await uploadEnded(deps.store, id, messageId);
        around.flush(id);
      } else if (what === "anew") {
        if ((anew.get(messageIdText(messageId)) ?? 0) < ANEW_MOST) await sealAnew(id, entry);
        else await uploadFailed(deps.store, id, messageId, "blob_gone");
      } else await uploadFailed(deps.store, id, messageId, what.failed);
      around.changed(id);
      return true;
    } finally {
      running.delete(id);
    }
  };

  const work = async (id: ConversationId): Promise<void> => {
    for (let attempts = 0, last = ""; attempts < ATTEMPTS && !isClosed; ) {
      const record = await around.record(id);
      if (!record || record.blocked || record.head < 0) return;
      const entry = (await waiting(id))[0];
      if (!entry || !(await settle(id, entry))) return;
      const name = messageIdText(entry.messageId);
      attempts = name === last ? attempts + 1 : 0;
      last = name;
      if (attempts > 1) await around.pause(backoffMs(attempts, Math.random()));
    }
  };

  /** Whoever discarded what goes up now wants it to stop. */
  const stopDiscarded = async (id: ConversationId): Promise<void> => {
    const current = running.get(id);
    if (!current) return;
    const isThere = (await outbox.entries(id)).some(
      ({ entry }) => messageIdText(entry.messageId) === current.id,
    );
    if (!isThere) current.stop.abort();
  };

  const run = async (id: ConversationId, state: Looking): Promise<void> => {
    try {
      while (state.again && !isClosed) {
        state.again = false;
        // One tab sends; where it ends the next one goes on. A step that two take is done once by the server.
        await navigator.locks.request(`thyme/files/${id}`, () => work(id));
      }
    } catch (error) {
      reportUnexpected(error);
    } finally {
      looking.delete(id);
    }
  };

  return {
    async look(id) {
      const before = looking.get(id);
      if (before) {
        before.again = true;
        await stopDiscarded(id).catch(reportUnexpected);
        return before.done;
      }
      const state: Looking = { again: true, done: Promise.resolve() };
      looking.set(id, state);
      state.done = run(id, state);
      return state.done;
    },
    close() {
      isClosed = true;
      for (const { stop } of running.values()) stop.abort();
    },
  };
}
