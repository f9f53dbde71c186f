import type { Transfer } from "../../app/files-view.ts";
import { useModels } from "../state/models-context.ts";
import { duration } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import type { ShownFile } from "./shown-file.ts";

/** How far a file is, in words, and what of it is done where it is known. */
export interface TransferState {
  readonly words: string;
  readonly transfer: Transfer | null;
}

function wordsOf({ done, total, secondsLeft }: Transfer): string {
  const t = text().files;
  const size = (bytes: number): string => fileSize(locale.value, bytes);
  const progress = t.progress(size(done), size(total));
  if (secondsLeft === null) return progress;
  return t.left(progress, duration(locale.value, secondsLeft * 1_000, "short"));
}

/** Of an own file that is `queued` and not at the server yet; null: it is. */
export function useUpload({ id, file }: ShownFile, isQueued: boolean): TransferState | null {
  const { files, connection } = useModels();
  if (!isQueued) return null;
  const t = text().files;
  const transfer = files.transfers.value.get(id) ?? null;
  if (connection.value === "offline") {
    return { words: file.isVolatile ? t.tab : t.offline, transfer };
  }
  if (transfer?.direction === "up") return { words: wordsOf(transfer), transfer };
  return { words: file.isVolatile ? t.tab : t.waiting, transfer: null };
}

/** Of a file that is fetched; null: none is. */
export function useDownload(id: ShownFile["id"]): TransferState | null {
  const transfer = useModels().files.transfers.value.get(id);
  if (transfer?.direction !== "down") return null;
  return { words: wordsOf(transfer), transfer };
}
