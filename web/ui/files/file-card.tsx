import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import { endingOf, fileIcon } from "./file-words.ts";
import { Ring } from "./ring.tsx";
import type { ShownFile } from "./shown-file.ts";
import { type TransferState, useDownload } from "./transfer.ts";
import { useSave } from "./use-save.ts";

interface Props {
  readonly shown: ShownFile;
  /** null: it is at the server */
  readonly upload: TransferState | null;
  /** in a history, Tab reaches what is in a message from that message only */
  readonly inner?: boolean;
}

/** A document: what it is, and one button that saves it or stops what is under way. */
export function FileCard({ shown, upload, inner = true }: Props) {
  const { conversation, files } = useModels();
  const { id, file } = shown;
  const t = text().files;
  const { save, busy, failure } = useSave(shown);
  const download = useDownload(id);
  const state = upload ?? download;
  const label = upload
    ? t.cancel(file.name)
    : busy
      ? t.cancelDownload(file.name)
      : t.saveName(file.name);
  const press = (): void => {
    if (upload) void conversation.discard(id);
    else if (busy) files.leave(id);
    else void save();
  };
  return (
    <div class="file-card">
      <span class="file-icon">
        <Icon name={fileIcon(file.kind)} />
      </span>
      <p class="file-lines">
        <bdi class="file-name">{file.name}</bdi>
        <span class="file-state numbers">
          {state?.words ?? `${endingOf(file.name)} · ${fileSize(locale.value, file.size)}`}
        </span>
      </p>
      <span class="file-action">
        <button
          type="button"
          class="icon-button"
          {...(inner ? { "data-inner": true, tabIndex: -1 } : {})}
          aria-label={label}
          title={label}
          onClick={press}
        >
          <Icon name={state || busy ? "close" : "save"} />
        </button>
        {(state || busy) && (
          <Ring state={state ?? { words: "", transfer: null }} name={file.name} />
        )}
      </span>
      {failure && (
        <p class="error file-problem" role="alert">
          {problemText(failure)}
        </p>
      )}
    </div>
  );
}
