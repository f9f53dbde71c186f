import { type Signal, signal } from "@preact/signals";
import type { MessageId } from "../../workers/protocol/ids.ts";
import type {
  FileAddress,
  FileLimits,
  FileOffer,
  GalleryRow,
  Transfer,
} from "../app/files-view.ts";
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

/** What a fake answers, and what goes up and down. */
export interface FakeFiles {
  readonly model: FilesModel;
  readonly transfers: Signal<ReadonlyMap<MessageId, Transfer>>;
  /** of files to be sent, by their names; others are a plan */
  readonly offers: Map<string, Outcome<FileOffer>>;
  /** of messages, by seq or id; others are empty */
  readonly stored: Map<FileAddress["message"], () => Promise<Blob>>;
  /** newest first */
  readonly gallery: Signal<readonly GalleryRow[]>;
}

/** Files of nobody; each call is noted under its name, as `file` and what it does. */
export function fakeFiles(
  call: <T>(name: string, argument: unknown, value: T) => Promise<Outcome<T>>,
): FakeFiles {
  const transfers = signal<ReadonlyMap<MessageId, Transfer>>(new Map());
  const offers: FakeFiles["offers"] = new Map();
  const stored: FakeFiles["stored"] = new Map();
  const gallery = signal<readonly GalleryRow[]>([]);
  const model: FilesModel = {
    transfers,
    limits: (conversation) => call("fileLimits", conversation, FREE),
    async inspect(file, name) {
      const offer = offers.get(name);
      const answer = await call("inspectFile", name, { ...PLAN, name, size: file.size });
      return offer ?? answer;
    },
    send: (conversation, outgoing) =>
      call("sendFile", { conversation, ...outgoing }, { resumable: true }),
    forward: (from, to, caption) => call("forwardFile", { from, to, caption }, { resumable: true }),
    async open(address) {
      return call("openFile", address, (await stored.get(address.message)?.()) ?? new Blob([]));
    },
    leave: (id) => void call("leaveFile", id, null),
    gallery: (conversation, shape, before) =>
      call(
        "files",
        { conversation, shape, before },
        {
          rows: gallery.value.filter(({ file, seq }) => {
            const kind = file.kind === "voice" ? "audio" : file.kind;
            return (shape === null || kind === shape) && (before === null || seq < before);
          }),
          before: null,
          isWhole: true,
        },
      ),
  };
  return { model, transfers, offers, stored, gallery };
}
