import { type Signal, signal } from "@preact/signals";
import type { MessageId } from "../../workers/protocol/ids.ts";
import type { FileLimits, FileOffer, Transfer } from "../app/files-view.ts";
import type { FilesModel, Outcome } from "../app/models.ts";

const FREE: FileLimits = {
  file: 25 * 1024 * 1024,
  conversation: { used: 0, limit: 2_000_000_000 },
  account: { used: 0, limit: 20_000_000_000 },
};

const PLAN: FileOffer = {
  kind: "document",
  type: "application/pdf",
  name: "plan.pdf",
  size: 1,
  image: null,
  keepsMetadata: true,
  quality: "none",
};

/** Files of nobody; each call is noted under its name, as `file` and what it does. */
export function fakeFiles(
  call: <T>(name: string, argument: unknown, value: T) => Promise<Outcome<T>>,
): FilesModel & { readonly transfers: Signal<ReadonlyMap<MessageId, Transfer>> } {
  return {
    transfers: signal<ReadonlyMap<MessageId, Transfer>>(new Map()),
    limits: (conversation) => call("fileLimits", conversation, FREE),
    inspect: (file, name) => call("inspectFile", name, { ...PLAN, name, size: file.size }),
    send: (conversation, outgoing) =>
      call("sendFile", { conversation, ...outgoing }, { resumable: true }),
    forward: (from, to, caption) => call("forwardFile", { from, to, caption }, { resumable: true }),
    open: (address) => call("openFile", address, new Blob([])),
    leave: (id) => void call("leaveFile", id, null),
    gallery: (conversation, shape, before) =>
      call("files", { conversation, shape, before }, { rows: [], before: null, isWhole: true }),
  };
}
