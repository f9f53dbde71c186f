import { useSignal } from "@preact/signals";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import { showPhoto } from "./lightbox-state.ts";
import { type Opened, openFile, useOpened } from "./opened.ts";
import { photoBox } from "./photo-box.ts";
import { Ring } from "./ring.tsx";
import type { ShownFile } from "./shown-file.ts";
import { Thumb } from "./thumb.tsx";
import { type TransferState, useDownload } from "./transfer.ts";

/** What is larger is fetched when it is pressed: it may be somebody's whole allowance of a day. */
const BY_ITSELF_BYTES = 4 * 1024 * 1024;

interface PhotoProps {
  readonly shown: ShownFile;
  /** null: it is at the server */
  readonly upload: TransferState | null;
}

/** A picture in its place, which is as large as it will be before anything of it is here. */
export function Photo({ shown, upload }: PhotoProps) {
  const { file, id, caption } = shown;
  const t = text().files;
  const asked = useSignal(false);
  const isBroken = useSignal(false);
  const opened = useOpened(shown, asked.value || upload !== null || file.size <= BY_ITSELF_BYTES);
  const { width, height } = photoBox(file.image);
  const isHere = opened.state === "open" && !isBroken.value;
  const name = caption === "" ? t.open : `${t.open}: ${caption}`;
  return (
    <div class="photo" style={{ aspectRatio: `${width} / ${height}` }}>
      {file.image && <Thumb hash={file.image.thumb} />}
      {opened.state === "open" && !isBroken.value && (
        <img
          class="photo-picture"
          src={opened.url}
          width={width}
          height={height}
          alt=""
          draggable={false}
          decoding="async"
          onError={() => (isBroken.value = true)}
        />
      )}
      <button
        type="button"
        class="photo-open"
        data-inner
        tabIndex={-1}
        aria-label={isHere || upload ? name : t.load(fileSize(locale.value, file.size))}
        aria-haspopup={isHere ? "dialog" : undefined}
        onClick={() => {
          if (isHere) showPhoto(id);
          else asked.value = true;
        }}
      />
      <PhotoState shown={shown} upload={upload} opened={opened} isBroken={isBroken.value} />
    </div>
  );
}

interface StateProps extends PhotoProps {
  readonly opened: Opened;
  readonly isBroken: boolean;
}

/** What is to be said over a picture that is not all there, or not all away. */
function PhotoState({ shown, upload, opened, isBroken }: StateProps) {
  const { conversation, files } = useModels();
  const download = useDownload(shown.id);
  const t = text().files;
  const { id, file } = shown;
  if (upload) {
    return (
      <Stopping state={upload} name={file.name} label={t.cancel(file.name)}>
        {() => void conversation.discard(id)}
      </Stopping>
    );
  }
  if (isBroken) return <p class="photo-said">{text().problems.file_damaged}</p>;
  switch (opened.state) {
    case "open":
      return null;
    case "opening":
      if (download === null) return null;
      return (
        <Stopping state={download} name={file.name} label={t.cancelDownload(file.name)}>
          {() => files.leave(id)}
        </Stopping>
      );
    case "closed":
      return (
        <p class="photo-said">
          <Icon name="down" size={16} />
          <span class="numbers">{fileSize(locale.value, file.size)}</span>
        </p>
      );
    case "failed":
      return (
        <div class="photo-said">
          <p>{opened.failure.problem === "offline" ? t.notLoaded : problemText(opened.failure)}</p>
          <button
            type="button"
            class="inline-button"
            data-inner
            tabIndex={-1}
            onClick={() => void openFile(files, shown)}
          >
            {t.again}
          </button>
        </div>
      );
  }
}

interface StoppingProps {
  readonly state: TransferState;
  readonly name: string;
  readonly label: string;
  readonly children: () => void;
}

function Stopping({ state, name, label, children: stop }: StoppingProps) {
  return (
    <>
      <button
        type="button"
        class="photo-stop"
        data-inner
        tabIndex={-1}
        aria-label={label}
        title={label}
        onClick={stop}
      >
        <Icon name="close" />
      </button>
      <Ring state={state} name={name} />
      <p class="photo-said numbers">{state.words}</p>
    </>
  );
}
