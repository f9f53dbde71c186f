import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type BlobId,
  type ConversationId,
  type MessageId,
  blobIdText,
  idBytes,
  messageIdText,
} from "../../../../workers/protocol/ids.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { type Content, type Target, isQuotable } from "../../../core/messages/content.ts";
import { FileError } from "../../../core/files/refused.ts";
import type { FileBody } from "../../../core/files/file-body.ts";
import type { Source } from "../../../core/files/source.ts";
import { blobSource } from "../../../platform/files/blob-source.ts";
import type { FileAddress } from "../../files-view.ts";
import type { Library } from "../conversation/library.ts";
import type { Outbox } from "../send/outbox.ts";
import { targetAt } from "../send/say.ts";
import { CommandProblem, reportUnexpected } from "../store/problem-of.ts";
import { messageRecord } from "../store/records.ts";
import type { Self } from "../timeline/message-view.ts";
import { type FilesAround, isFileEntry } from "./around.ts";
import { download } from "./download.ts";
import type { Files } from "./file-handlers.ts";
import { galleryPage } from "./gallery.ts";
import { keepCopy } from "./keep-copy.ts";
import { inspect, prepare } from "./prepare.ts";
import { createProgress } from "./progress.ts";
import { tidy } from "./tidy.ts";
import { createUploads } from "./uploads.ts";

export interface FilesSurroundings extends FilesAround {
  readonly library: Pick<Library, "record" | "kept">;
  readonly outbox: Pick<Outbox, "add" | "entries">;
  readonly me: Pick<Self, "account" | "name">;
  /** what is on screen */
  readonly timeline: () => { readonly id: ConversationId; newest(): Promise<unknown> } | null;
}

/** Everything about files on a signed-in device. */
export interface OpenFiles extends Files {
  /** What waits there goes up, and what is not needed any more goes. Never throws. */
  look(id: ConversationId): Promise<void>;
  close(): void;
}

const captionOf = (caption: string): { readonly caption?: string } => {
  const words = caption.trim();
  if (words.length > LIMITS.text) throw new CommandProblem("too_long");
  return words === "" ? {} : { caption: words };
};

export function createFiles(around: FilesSurroundings): OpenFiles {
  const { deps, copies, library, outbox } = around;
  const uploads = createUploads({ ...around, record: (id) => library.record(id) });
  const downloads = new Map<MessageId, { readonly stop: AbortController; blob: Promise<Blob> }>();
  /** as the server said last */
  let largest: number = LIMITS.fileBytesMax;

  /** files on their way, as they were seen last */
  const seen = new Map<ConversationId, ReadonlySet<BlobId>>();

  /** Whether a copy here has nobody any more who needs it. */
  const isLeft = async (id: ConversationId): Promise<boolean> => {
    const before = seen.get(id);
    const now = new Set<BlobId>();
    for (const { entry } of await outbox.entries(id)) {
      if (isFileEntry(entry)) now.add(blobIdText(entry.body.blob));
    }
    seen.set(id, now);
    const record = await library.record(id);
    const hasLeft = [...(before ?? [])].some((blob) => !now.has(blob));
    return hasLeft || (record?.copiesGone ?? []).length > 0;
  };

  const look = async (id: ConversationId): Promise<void> => {
    try {
      if (await isLeft(id)) await tidied();
      await uploads.look(id);
    } catch (error) {
      reportUnexpected(error);
    }
  };
  const tidied = (): Promise<void> => tidy({ store: deps.store, copies });

  /** A6: the copy first, then the message that waits for it. */
  const put = async (
    id: ConversationId,
    key: string,
    source: Source,
    about: Omit<FileBody, "blob" | "key" | "trailer" | "size"> & { readonly reply?: Target },
  ): Promise<{ resumable: boolean }> => {
    if (source.size === 0) throw new FileError("file_empty");
    if (source.size > largest) throw new ProtocolError("file_too_large");
    await keepCopy(around, source, ({ blob, key: secret, trailer, size }) => {
      const content: Content = { kind: "file", ...about, blob, key: secret, trailer, size };
      const volatile = copies.isDurable ? {} : { isVolatile: true as const };
      return outbox.add(id, content, { key, also: () => Promise.resolve(), ...volatile });
    });
    // Who sends sees it: it comes at the end.
    const shown = around.timeline();
    if (shown?.id === id) void shown.newest();
    void look(id);
    return { resumable: copies.isDurable };
  };

  const bodyAt = async ({ conversation, message }: FileAddress) => {
    if (typeof message === "number") {
      const row = await deps.store.read("messages", [conversation, message], messageRecord);
      if (row?.type === "message" && row.body.kind === "file") {
        return { id: messageIdText(row.messageId), body: row.body };
      }
      throw new ProtocolError("not_found");
    }
    const entries = await outbox.entries(conversation);
    const found = entries.find(({ entry }) => equalBytes(entry.messageId, idBytes(message)));
    if (found?.entry.body.kind !== "file") throw new ProtocolError("not_found");
    return { id: message, body: found.entry.body };
  };

  const open = async (address: FileAddress): Promise<Blob> => {
    const { id, body } = await bodyAt(address);
    const under = downloads.get(id);
    if (under) return under.blob;
    const stop = new AbortController();
    const total = body.size;
    const progress = createProgress({ id, direction: "down", total }, 0, deps.now, around.tell);
    const { conversation } = address;
    const blob = download(around, { conversation, body, signal: stop.signal, progress }).finally(
      () => {
        downloads.delete(id);
        progress.over();
      },
    );
    downloads.set(id, { stop, blob });
    return blob;
  };

  // What an earlier session left: it ended between a copy and its record, or before it could let go.
  void tidied().catch(reportUnexpected);

  return {
    look,
    close() {
      uploads.close();
      for (const { stop } of downloads.values()) stop.abort();
    },
    async fileLimits(conversation) {
      const storage = await deps.api.call("storage", { params: { conversation } });
      largest = Math.min(storage.fileBytes, LIMITS.fileBytesMax);
      return {
        file: largest,
        conversation: storage.conversation,
        account: storage.account,
      };
    },
    async inspectFile({ file, name }) {
      return inspect(file, name);
    },
    async sendFile({ key, conversation, outgoing }) {
      const { replyTo } = outgoing;
      const caption = captionOf(outgoing.caption);
      const reply =
        replyTo === undefined
          ? undefined
          : await targetAt(deps.store, conversation, replyTo, isQuotable);
      const { source, about } = await prepare(outgoing);
      return put(conversation, key, source, { ...about, ...caption, ...(reply ? { reply } : {}) });
    },
    async forwardFile({ key, from, to, caption }) {
      const words = captionOf(caption);
      const { body } = await bodyAt(from);
      const source = blobSource(await open(from));
      const { type, name, image, audio, voice } = body;
      const about = {
        type,
        name,
        ...(image ? { image } : {}),
        ...(audio ? { audio } : {}),
        ...(voice ? { voice } : {}),
      };
      return put(to, key, source, { ...about, ...words });
    },
    openFile: open,
    async leaveFile(id) {
      downloads.get(id)?.stop.abort();
      return null;
    },
    async files({ conversation, shape, before }) {
      const kept = await library.kept(conversation);
      if (!kept) throw new ProtocolError("not_found");
      return galleryPage(deps.store, conversation, kept, around.me, { shape, before });
    },
  };
}
