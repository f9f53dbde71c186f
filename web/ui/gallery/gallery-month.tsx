import { FileCard } from "../files/file-card.tsx";
import { showPhoto } from "../files/lightbox-state.ts";
import { useOpened } from "../files/opened.ts";
import type { ShownFile } from "../files/shown-file.ts";
import { Sound } from "../files/sound.tsx";
import { Thumb } from "../files/thumb.tsx";
import { IconButton } from "../kit/button.tsx";
import { now } from "../kit/clock.ts";
import { listTime, monthLabel } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import type { Tab } from "./use-gallery.ts";

interface Props {
  readonly tab: Tab;
  readonly at: number;
  readonly files: readonly ShownFile[];
  readonly onShow: (file: ShownFile) => void;
}

/** The files of one month: pictures beside each other, everything else below. */
export function GalleryMonth({ tab, at, files, onShow }: Props) {
  return (
    <section class="gallery-month">
      <h2>{monthLabel(locale.value, at)}</h2>
      <ul class={tab === "image" ? "gallery-photos" : "gallery-list"}>
        {files.map((file) => (
          <li key={file.id}>
            {tab === "image" ? <Tile photo={file} /> : <Row file={file} onShow={onShow} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tile({ photo }: { photo: ShownFile }) {
  const { file, sender, at, caption, id } = photo;
  const opened = useOpened(photo, true);
  const t = text();
  const who = sender.own ? t.common.you : sender.name;
  const from = t.lightbox.from(who, listTime(locale.value, at, now.value));
  return (
    <button
      type="button"
      class="gallery-tile"
      aria-label={`${t.files.open}: ${caption === "" ? from : caption}`}
      aria-haspopup="dialog"
      onClick={() => showPhoto(id)}
    >
      {file.image && <Thumb hash={file.image.thumb} />}
      {opened.state === "open" && (
        <img
          src={opened.url}
          alt=""
          draggable={false}
          decoding="async"
          onError={(event) => (event.currentTarget.hidden = true)}
        />
      )}
    </button>
  );
}

function Row({ file, onShow }: { file: ShownFile; onShow: (file: ShownFile) => void }) {
  const { sender, at, caption } = file;
  const t = text();
  const who = sender.own ? t.common.you : sender.name;
  return (
    <div class="gallery-row">
      <div class="gallery-file">
        {file.file.kind === "document" ? (
          <FileCard shown={file} upload={null} inner={false} />
        ) : (
          <Sound shown={file} upload={null} inner={false} />
        )}
        {caption !== "" && (
          <p class="gallery-caption ellipsis" dir="auto">
            {caption}
          </p>
        )}
        <p class="gallery-who numbers">
          <bdi>{who}</bdi> · {listTime(locale.value, at, now.value)}
        </p>
      </div>
      <IconButton icon="message" label={t.files.show} onClick={() => onShow(file)} />
    </div>
  );
}
