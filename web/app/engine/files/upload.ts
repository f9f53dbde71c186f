import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationId,
  blobIdText,
  messageIdText,
} from "../../../../workers/protocol/ids.ts";
import { chunksOfPart, partSpan } from "../../../core/files/layout.ts";
import { FileError } from "../../../core/files/refused.ts";
import type { FileEntry, FilesAround } from "./around.ts";
import { createProgress } from "./progress.ts";
import { type CopyReader, readCopy } from "./read-copy.ts";

/** Parts that go up at once. */
const AT_ONCE = 3;
/** A server that takes parts and then misses them is asked no further. */
const ROUNDS = 4;

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** What is broken here would be broken for everybody: each chunk is looked at before it goes. */
async function checkPart(reader: CopyReader, part: number): Promise<void> {
  const { from, to } = chunksOfPart(reader.file.layout, part);
  for (let index = from; index < to; index++) await reader.sealed(index);
}

/** Sends these parts, some at once. The first that fails ends the others. */
async function sendParts(
  parts: readonly number[],
  signal: AbortSignal,
  send: (part: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const queue = [...parts];
  const worker = async (): Promise<void> => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      either.throwIfAborted();
      await send(part, either);
    }
  };
  const workers = range(0, AT_ONCE).map(() => worker());
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(workers);
    throw error;
  }
}

/**
 * F1, A6: has the server take the copy of a file, from where it stands there. Every step may be repeated, in this or
 * another tab. Throws FileError `file_lost`, what the server refuses, PlatformError `offline`, and the signal's reason.
 */
export async function upload(
  around: FilesAround,
  id: ConversationId,
  { messageId, body }: Pick<FileEntry, "messageId" | "body">,
  signal: AbortSignal,
): Promise<void> {
  const { deps, transport, copies, crypto } = around;
  const blob = blobIdText(body.blob);
  const copy = await copies.open("sending", blob);
  const reader = await readCopy(crypto, body, copy);
  if (!copy) throw new FileError("file_lost");
  const { layout } = reader.file;
  const params = { conversation: id, blob };
  for (let round = 0; round < ROUNDS; round++) {
    signal.throwIfAborted();
    const state = await deps.api.call("beginUpload", {
      params: { conversation: id },
      body: { blob, bytes: layout.bytes },
    });
    if (state.isComplete) return;
    const taken = new Set(state.taken);
    const missing = range(1, layout.parts + 1).filter((part) => !taken.has(part));
    const lengthOf = (part: number): number => {
      const { from, to } = partSpan(layout, part);
      return to - from;
    };
    const gone = new Map<number, number>();
    const begun = layout.bytes - missing.reduce((sum, part) => sum + lengthOf(part), 0);
    const progress = createProgress(
      { id: messageIdText(messageId), direction: "up", total: layout.bytes },
      begun,
      deps.now,
      around.tell,
    );
    progress.at(begun);
    try {
      await sendParts(missing, signal, async (part, either) => {
        await checkPart(reader, part);
        const { from, to } = partSpan(layout, part);
        const sent = (bytes: number): void => {
          gone.set(part, bytes);
          progress.at([...gone.values()].reduce((sum, one) => sum + one, begun));
        };
        await transport.put({ ...params, part }, copy.slice(from, to), { signal: either, sent });
        sent(to - from);
      });
    } finally {
      progress.over();
    }
    signal.throwIfAborted();
    try {
      await deps.api.call("finishUpload", { params });
      return;
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== "upload_incomplete") throw error;
    }
  }
  throw new ProtocolError("unavailable", "parts do not stay");
}
