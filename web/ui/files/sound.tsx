import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import { endingOf } from "./file-words.ts";
import { openFile, useOpened } from "./opened.ts";
import { Ring } from "./ring.tsx";
import type { ShownFile } from "./shown-file.ts";
import { SoundPlayer } from "../sound/sound-player.tsx";
import { type TransferState, useDownload } from "./transfer.ts";

interface Props {
  readonly shown: ShownFile;
  /** null: it is at the server */
  readonly upload: TransferState | null;
  readonly inner?: boolean;
}

/** A voice note, or a file of sound with its name above; fetched when it is first played. */
export function Sound({ shown, upload, inner = true }: Props) {
  const { conversation, files } = useModels();
  const opened = useOpened(shown, false);
  const download = useDownload(shown.id);
  const { id, file } = shown;
  const t = text().files;
  const state = upload ?? download;
  const fetch = async (): Promise<Blob | null> => {
    const outcome = await openFile(files, shown);
    return outcome.ok ? outcome.value : null;
  };
  const label = upload ? t.cancel(file.name) : t.cancelDownload(file.name);
  const stop = state && (
    <span class="file-action">
      <button
        type="button"
        class="icon-button"
        {...(inner ? { "data-inner": true, tabIndex: -1 } : {})}
        aria-label={label}
        title={label}
        onClick={() => (upload ? void conversation.discard(id) : files.leave(id))}
      >
        <Icon name="close" />
      </button>
      <Ring state={state} name={file.name} />
    </span>
  );
  return (
    <div class="sound">
      {file.kind === "audio" && (
        <p class="file-lines">
          <bdi class="file-name">{file.name}</bdi>
          <span class="file-state numbers">
            {endingOf(file.name)} · {fileSize(locale.value, file.size)}
          </span>
        </p>
      )}
      <SoundPlayer
        sound={{ sound: id, duration: file.audio?.seconds ?? 0, fetch }}
        waveform={file.audio?.waveform}
        inner={inner}
        state={state?.words}
        action={stop ?? undefined}
      />
      {opened.state === "failed" && (
        <p class="error file-problem" role="alert">
          {problemText(opened.failure)}
        </p>
      )}
    </div>
  );
}
