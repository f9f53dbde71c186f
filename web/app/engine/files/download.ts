import { type ConversationId, blobIdText } from "../../../../workers/protocol/ids.ts";
import type { FileBody } from "../../../core/files/file-body.ts";
import { shapeOf } from "../../../core/files/file-type.ts";
import { type Layout, chunkSpan, layoutOf } from "../../../core/files/layout.ts";
import { type OpenedFile, openFile } from "../../../core/files/open.ts";
import { FileError } from "../../../core/files/refused.ts";
import type { CopyWriter } from "../../../platform/files/copies.ts";
import { PlatformError } from "../../../platform/problem.ts";
import type { FilesAround } from "./around.ts";
import { type ExactReader, exactReader } from "./exact-reader.ts";
import type { Progress } from "./progress.ts";
import { readCopy } from "./read-copy.ts";

/** Bytes up to which what came is kept here, as it came: encrypted. */
export const CACHED_MOST = 16 * 1024 * 1024;
/** A connection that breaks is gone on with from the chunk that it broke at. */
const BREAKS = 3;

interface Wanted {
  readonly conversation: ConversationId;
  readonly body: FileBody;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** F2: a type under which a browser shows no page: what is neither picture nor sound is bytes. */
const safeType = ({ type }: FileBody): string =>
  shapeOf(type) === "document" ? "application/octet-stream" : type;

/** What is on this device already; null: nothing that is whole. */
async function local({ copies, crypto }: FilesAround, body: FileBody): Promise<Blob[] | null> {
  const name = blobIdText(body.blob);
  for (const place of ["sending", "cache"] as const) {
    const copy = await copies.open(place, name);
    if (!copy) continue;
    try {
      const reader = await readCopy(crypto, body, copy);
      const pieces: Blob[] = [];
      for (let index = 0; index < reader.file.layout.chunks; index++) {
        pieces.push(new Blob([(await reader.plain(index)).slice()]));
      }
      return pieces;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (place === "cache") await copies.remove(place, name);
    }
  }
  return null;
}

/** Where what comes is kept; a browser that has no room keeps nothing, and the file is shown all the same. */
async function cacheWriter({ copies }: FilesAround, body: FileBody): Promise<CopyWriter | null> {
  if (layoutOf(body.size).bytes > CACHED_MOST) return null;
  return copies.create("cache", blobIdText(body.blob)).catch(() => null);
}

interface Coming {
  readonly file: OpenedFile;
  readonly trailer: Uint8Array;
  /** what comes from the first chunk on, where it comes with the trailer */
  readonly first: Uint8Array | null;
}

/** The trailer comes first: by it everything else is judged. Of a file of one chunk both come at once. */
async function begin(around: FilesAround, wanted: Wanted, layout: Layout): Promise<Coming> {
  const { conversation, body, signal } = wanted;
  const from = layout.chunks === 1 ? 0 : layout.sealed;
  const place = { conversation, blob: blobIdText(body.blob) };
  const stream = await around.transport.get(place, { from, to: layout.bytes }, signal);
  const reader = exactReader(stream);
  try {
    const first = from === 0 ? await reader.take(layout.sealed) : null;
    const trailer = await reader.take(layout.bytes - layout.sealed);
    return { file: await openFile(around.crypto, body, trailer), trailer, first };
  } finally {
    await reader.cancel();
  }
}

/** Each chunk, verified, in its order. Gives up where the connection breaks again and again. */
async function* chunks(
  around: FilesAround,
  { conversation, body, signal }: Wanted,
  { file, first }: Coming,
): AsyncGenerator<{ readonly sealed: Uint8Array; readonly plain: Uint8Array }> {
  const { layout } = file;
  let index = 0;
  if (first) {
    yield { sealed: first, plain: await file.chunk(0, first) };
    index = 1;
  }
  const place = { conversation, blob: blobIdText(body.blob) };
  let reader: ExactReader | null = null;
  try {
    for (let breaks = 0; index < layout.chunks; ) {
      signal.throwIfAborted();
      const { from, to } = chunkSpan(layout, index);
      try {
        reader ??= exactReader(
          await around.transport.get(place, { from, to: layout.sealed }, signal),
        );
        const sealed = await reader.take(to - from);
        yield { sealed, plain: await file.chunk(index, sealed) };
        index += 1;
        breaks = 0;
      } catch (error) {
        breaks += 1;
        if (!(error instanceof PlatformError) || breaks === BREAKS) throw error;
        await reader?.cancel();
        reader = null;
      }
    }
  } finally {
    await reader?.cancel();
  }
}

async function remote(around: FilesAround, wanted: Wanted): Promise<Blob[]> {
  const { body, progress } = wanted;
  const layout = layoutOf(body.size);
  const coming = await begin(around, wanted, layout);
  let cache = await cacheWriter(around, body);
  const keep = async (bytes: Uint8Array): Promise<void> => {
    try {
      await cache?.write(bytes);
    } catch {
      await cache?.drop();
      cache = null;
    }
  };
  const pieces: Blob[] = [];
  let done = 0;
  try {
    for await (const { sealed, plain } of chunks(around, wanted, coming)) {
      // The browser keeps them, on disk where they are many; here there is one at a time.
      pieces.push(new Blob([plain.slice()]));
      await keep(sealed);
      done += sealed.length;
      progress.at(done);
    }
    await keep(coming.trailer);
    await cache?.finish();
  } catch (error) {
    await cache?.drop();
    throw error;
  }
  return pieces;
}

/**
 * F1, F2: a file, verified as a whole before anybody is given anything of it, from this device or else from the server.
 * Throws FileError `file_altered`, what the server refuses, PlatformError `offline`, and the signal's reason.
 */
export async function download(around: FilesAround, wanted: Wanted): Promise<Blob> {
  const pieces = (await local(around, wanted.body)) ?? (await remote(around, wanted));
  return new Blob(pieces, { type: safeType(wanted.body) });
}
