import { computed, signal } from "@preact/signals";
import type { MessageId } from "../../workers/protocol/ids.ts";
import type { EnginePort } from "./engine-port.ts";
import type { Transfer } from "./files-view.ts";
import type { FilesModel } from "./models.ts";

/** Files of conversations, and how far those are that go up and down. */
export function createFilesModel(engine: EnginePort): FilesModel & {
  /** The engine tells how far one is, or that it ended. */
  heard(transfer: Transfer, isOver: boolean): void;
  /** Another engine, or nobody: what the former one told is over. */
  forget(): void;
} {
  const transfers = signal<ReadonlyMap<MessageId, Transfer>>(new Map());
  return {
    transfers: computed(() => transfers.value),
    heard(transfer, isOver) {
      const next = new Map(transfers.peek());
      if (isOver) next.delete(transfer.id);
      else next.set(transfer.id, transfer);
      transfers.value = next;
    },
    forget() {
      if (transfers.peek().size > 0) transfers.value = new Map();
    },
    limits: (conversation) => engine.ask("fileLimits", conversation),
    inspect: (file, name) => engine.ask("inspectFile", { file, name }),
    send: (conversation, outgoing) =>
      engine.ask("sendFile", { key: crypto.randomUUID(), conversation, outgoing }),
    forward: (from, to, caption) =>
      engine.ask("forwardFile", { key: crypto.randomUUID(), from, to, caption }),
    open: (address) => engine.ask("openFile", address),
    leave: (id) => void engine.ask("leaveFile", id),
    gallery: (conversation, shape, before) => engine.ask("files", { conversation, shape, before }),
  };
}
