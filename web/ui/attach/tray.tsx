import { useEffect, useId, useMemo } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import type { FileOffer } from "../../app/files-view.ts";
import { IconButton } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { locale, text } from "../text/language.ts";
import { fileSize } from "../text/measures.ts";
import { endingOf, fileIcon } from "../files/file-words.ts";
import {
  MOST_FILES,
  type Tray as TrayState,
  type TrayFile,
  changeTray,
  readyFiles,
  removeFile,
  trayOf,
} from "./tray-state.ts";
import "../styles/tray.css";

const size = (bytes: number): string => fileSize(locale.value, bytes);

/** What is about to be sent, above the box; what stands in the box goes with it. */
export function Tray({ conversation }: { conversation: ConversationId }) {
  const id = useId();
  const tray = trayOf(conversation);
  const t = text().tray;
  if (tray.files.length === 0) return null;
  const hasChoice = tray.files.some(
    ({ look }) => look && "offer" in look && look.offer.quality === "either",
  );
  const room = roomOf(tray);
  return (
    <section class="tray" aria-label={t.label} aria-busy={tray.isSending}>
      <ul class="tray-files">
        {tray.files.map((one) => (
          <TrayRow
            key={one.key}
            one={one}
            limit={tray.limits?.file ?? null}
            onRemove={() => removeFile(conversation, one.key)}
          />
        ))}
      </ul>
      {hasChoice && (
        <div class="check tray-full">
          <input
            id={`${id}-full`}
            type="checkbox"
            role="switch"
            checked={tray.isFull}
            aria-checked={tray.isFull}
            aria-describedby={`${id}-full-help`}
            onChange={(event) => changeTray(conversation, { isFull: event.currentTarget.checked })}
          />
          <label for={`${id}-full`}>{t.full}</label>
          <p class="hint" id={`${id}-full-help`}>
            {t.fullHelp}
          </p>
        </div>
      )}
      {tray.isCut && <p class="hint">{t.tooMany(MOST_FILES)}</p>}
      {room !== null && <p class="error">{t.room(size(room))}</p>}
      {tray.failure && (
        <p class="error" role="alert">
          {problemText(tray.failure)} {t.failed}
        </p>
      )}
    </section>
  );
}

/** Bytes that are left for this conversation, where what was chosen takes more. */
function roomOf(tray: TrayState): number | null {
  if (!tray.limits) return null;
  const { used, limit } = tray.limits.conversation;
  const left = Math.max(0, limit - used);
  const wanted = (readyFiles(tray) ?? []).reduce((sum, { look }) => sum + look.offer.size, 0);
  return wanted > left ? left : null;
}

interface RowProps {
  readonly one: TrayFile;
  readonly limit: number | null;
  readonly onRemove: () => void;
}

function TrayRow({ one, limit, onRemove }: RowProps) {
  const { file, look } = one;
  const t = text().tray;
  const offer = look && "offer" in look ? look.offer : null;
  const name = offer?.name ?? file.name;
  const failure = look && "failure" in look ? look.failure : null;
  const isTooLarge = failure?.problem === "file_too_large" && limit !== null;
  return (
    <li class={failure ? "tray-file refused" : "tray-file"}>
      <Picture file={file} offer={offer} />
      <div class="file-lines">
        <bdi class="file-name ellipsis">{name}</bdi>
        {failure ? (
          <p class="error" role="alert">
            {isTooLarge ? t.tooLarge(size(limit)) : problemText(failure)}
          </p>
        ) : (
          <span class="file-state numbers">
            {offer ? `${endingOf(name)} · ${size(file.size)}` : t.looking}
          </span>
        )}
        {offer?.keepsMetadata && <p class="hint">{t.keepsMetadata}</p>}
      </div>
      <IconButton icon="close" label={t.remove(name)} onClick={onRemove} />
    </li>
  );
}

/** The picture itself, from this device; of everything else what it is. */
function Picture({ file, offer }: { file: File; offer: FileOffer | null }) {
  const isPicture = offer?.kind === "image";
  const url = useMemo(() => (isPicture ? URL.createObjectURL(file) : null), [file, isPicture]);
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  return (
    <span class="file-icon">
      <Icon name={fileIcon(offer?.kind ?? "document")} />
      {url !== null && (
        <img
          src={url}
          alt=""
          // A browser that shows no such picture shows what it is.
          onError={(event) => (event.currentTarget.hidden = true)}
        />
      )}
    </span>
  );
}
