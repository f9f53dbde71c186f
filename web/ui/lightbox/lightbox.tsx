import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { IconButton } from "../kit/button.tsx";
import { isRtl } from "../kit/direction.ts";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { dateAndTime } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import { showPhoto } from "../files/lightbox-state.ts";
import { openFile, useOpened } from "../files/opened.ts";
import { saveFile } from "../files/save-file.ts";
import type { ShownFile } from "../files/shown-file.ts";
import { Thumb } from "../files/thumb.tsx";
import { usePhotos } from "./use-photos.ts";
import { type Zoom, useZoom } from "./use-zoom.ts";
import "../styles/lightbox.css";

interface Props {
  readonly conversation: ConversationId;
  /** those that stand around it where it was opened */
  readonly around: readonly ShownFile[];
  readonly shown: ShownFile["id"];
  readonly onClose: () => void;
  /** leads to its message; not where that is in sight behind it */
  readonly onShow?: ((photo: ShownFile) => void) | undefined;
}

const STEP = 1.5;
const MOVE_PX = 80;

/** A picture as large as the window, with those before and after it. */
export function Lightbox({ conversation, around, shown, onClose, onShow }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const t = text().lightbox;
  const photos = usePhotos(conversation, around, shown);
  const place = photos.findIndex(({ id }) => id === shown);
  const photo = photos[place];
  const zoom = useRef<Zoom | null>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    element?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // Deleted while it was shown: nothing of it is left to see.
  useEffect(() => {
    if (!photo) onClose();
  }, [photo === undefined]);

  const turn = useCallback(
    (by: 1 | -1): void => {
      const next = photos[place + by];
      if (next) showPhoto(next.id);
    },
    [photos, place],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const sideways = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const isLarge = (zoom.current?.view.peek().scale ?? 1) > 1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((sideways !== 0 || down !== 0) && isLarge) {
      zoom.current?.move(-sideways * MOVE_PX, -down * MOVE_PX);
    } else if (sideways !== 0) turn(sideways > 0 === isRtl() ? -1 : 1);
    else if (event.key === "+" || event.key === "=") zoom.current?.zoom(STEP);
    else if (event.key === "-") zoom.current?.zoom(1 / STEP);
    else if (event.key === "0") zoom.current?.reset();
    else return;
    event.preventDefault();
  };

  if (!photo) return null;
  const { sender, at, caption, file } = photo;
  const when = dateAndTime(locale.value, at);
  const who = sender.own ? text().common.you : sender.name;
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      aria-label={t.name}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header class="lightbox-bar">
        <p class="lightbox-who">
          <bdi class="ellipsis">{who}</bdi>
          <span class="numbers">
            {when}
            {photos.length > 1 && ` · ${t.place(place + 1, photos.length)}`}
          </span>
        </p>
        {onShow && photo.seq !== null && (
          <IconButton
            icon="message"
            label={text().files.show}
            onClick={() => {
              onClose();
              onShow(photo);
            }}
          />
        )}
        <IconButton
          class="lightbox-zoom"
          icon="zoomOut"
          label={t.zoomOut}
          onClick={() => zoom.current?.zoom(1 / STEP)}
        />
        <IconButton
          class="lightbox-zoom"
          icon="zoomIn"
          label={t.zoomIn}
          onClick={() => zoom.current?.zoom(STEP)}
        />
        <SaveButton photo={photo} />
        <IconButton icon="close" label={text().common.close} onClick={onClose} />
      </header>
      <Stage
        key={photo.id}
        photo={photo}
        zoom={zoom}
        alt={caption === "" ? t.from(who, when) : caption}
        onTurn={turn}
        onClose={onClose}
      />
      {place > 0 && (
        <IconButton
          class="lightbox-turn before"
          icon="back"
          label={t.previous}
          onClick={() => turn(-1)}
        />
      )}
      {place < photos.length - 1 && (
        <IconButton
          class="lightbox-turn after"
          icon="next"
          label={t.next}
          onClick={() => turn(1)}
        />
      )}
      {caption !== "" && (
        <p class="lightbox-caption" dir="auto">
          {caption}
        </p>
      )}
      <span class="hidden-text" role="status">
        {t.place(place + 1, photos.length)} {file.name}
      </span>
    </dialog>
  );
}

function SaveButton({ photo }: { photo: ShownFile }) {
  const { files } = useModels();
  const save = async (): Promise<void> => {
    const outcome = await openFile(files, photo);
    if (outcome.ok) saveFile(outcome.value, photo.file.name);
  };
  return (
    <IconButton
      icon="save"
      label={text().files.saveName(photo.file.name)}
      onClick={() => void save()}
    />
  );
}

interface StageProps {
  readonly photo: ShownFile;
  readonly zoom: { current: Zoom | null };
  readonly alt: string;
  readonly onTurn: (by: 1 | -1) => void;
  readonly onClose: () => void;
}

/** The picture and what fingers do with it. */
function Stage({ photo, zoom, alt, onTurn, onClose }: StageProps) {
  const { files } = useModels();
  const stage = useRef<HTMLDivElement>(null);
  const opened = useOpened(photo, true);
  const { image } = photo.file;
  const swipe = useCallback(
    (to: "left" | "right") => onTurn((to === "left") === isRtl() ? -1 : 1),
    [onTurn],
  );
  const zooming = useZoom(stage, image ?? null, { onSwipe: swipe, onAway: onClose });
  zoom.current = zooming;
  const { scale, x, y } = zooming.view.value;
  const size = image
    ? {
        inlineSize: `min(${image.width}px, 100cqw, ${image.width / image.height} * 100cqh)`,
        aspectRatio: `${image.width} / ${image.height}`,
      }
    : {};
  return (
    <div ref={stage} class="lightbox-stage" data-large={scale > 1}>
      <div
        class={zooming.isHeld.value ? "lightbox-picture held" : "lightbox-picture"}
        style={{ ...size, transform: `translate(${x}px, ${y}px) scale(${scale})` }}
      >
        {image && <Thumb hash={image.thumb} />}
        {opened.state === "open" && <img src={opened.url} alt={alt} draggable={false} />}
      </div>
      {opened.state === "opening" && (
        <span class="hidden-text" role="status">
          {text().lightbox.loading}
        </span>
      )}
      {opened.state === "failed" && (
        <div class="lightbox-problem" role="alert">
          <Icon name="alert" />
          <p>{problemText(opened.failure)}</p>
          <button type="button" class="button" onClick={() => void openFile(files, photo)}>
            {text().files.again}
          </button>
        </div>
      )}
    </div>
  );
}
