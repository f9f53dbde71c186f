import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { lazily } from "../../../platform/lazily.ts";
import type { OrderedEntry } from "../send/outbox-decisions.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { isFileEntry } from "./around.ts";
import type { OpenFiles } from "./files.ts";
import type { OpenedWith } from "./files-part.ts";

/** Files are fetched when a person has to do with one, or one waits here. */
export interface FilesLater {
  open(): Promise<OpenFiles>;
  /** Something may wait in this conversation. Never throws. */
  look(id: ConversationId): void;
  close(): void;
}

export function filesLater(around: OpenedWith): FilesLater {
  const { library, outbox } = around;
  let opened: OpenFiles | null = null;
  let isClosed = false;
  const open = lazily(async () => {
    const { openFiles } = await import("./files-part.ts");
    const files = await openFiles(around);
    if (isClosed) files.close();
    opened = files;
    return files;
  });
  const look = async (id: ConversationId): Promise<void> => {
    const record = await library.record(id);
    if (isClosed || !record) return;
    const isNone = record.outbox.length + record.copiesGone.length === 0;
    if (!opened && isNone) return;
    const isFile = ({ entry }: OrderedEntry): boolean => isFileEntry(entry);
    if (!opened && record.copiesGone.length === 0 && !(await outbox.entries(id)).some(isFile)) {
      return;
    }
    await (await open()).look(id);
  };
  return {
    open,
    look: (id) => void look(id).catch(reportUnexpected),
    close() {
      isClosed = true;
      opened?.close();
    },
  };
}
