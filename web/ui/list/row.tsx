import type { ConversationSummary } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { fileIcon, saidWith } from "../files/file-words.ts";
import { now } from "../kit/clock.ts";
import { Icon, type IconName } from "../kit/icon.tsx";
import { formatNumber } from "../text/en/counts.ts";
import { dateAndTime, listTime } from "../text/dates.ts";
import { language, locale, text } from "../text/language.ts";
import { mutedText } from "./muted-note.tsx";
import "../styles/drafts.css";

/** What a row says, in the order in which it is read out. */
export function RowBody({ row }: { row: ConversationSummary }) {
  return (
    <>
      <Avatar name={row.title} />
      <span class="row-title" dir="auto">
        {row.title}
      </span>{" "}
      <time
        class="row-time numbers"
        dateTime={new Date(row.lastAt).toISOString()}
        title={dateAndTime(locale.value, row.lastAt)}
      >
        {listTime(locale.value, row.lastAt, now.value)}
      </time>{" "}
      <Second row={row} /> <Marks row={row} />
    </>
  );
}

function stateText(row: ConversationSummary): string | null {
  const t = text().list;
  const said = row.preview !== null || row.draft !== null;
  switch (row.state) {
    case "blocked":
      return t.blocked;
    case "invitation-expired":
      return t.expired;
    case "invited":
      return said ? null : t.invited;
    case "joining":
      return said ? null : t.joining;
    case "active":
      return null;
  }
}

/** What the second line says: a state that matters more than the last message, else that message. */
function Second({ row }: { row: ConversationSummary }) {
  const t = text().list;
  const state = stateText(row);
  if (state !== null) {
    return <span class={row.state === "blocked" ? "row-text danger" : "row-text"}>{state}</span>;
  }
  if (row.draft !== null) {
    return (
      <span class="row-text" dir="auto">
        <span class="row-draft">{text().drafts.draft}</span> {row.draft}
      </span>
    );
  }
  if (row.preview === null) return <span class="row-text">{t.nothingYet}</span>;
  const { own, deleted, file } = row.preview;
  const said = deleted ? text().effects.previewDeleted : saidWith(row.preview.text, file);
  const fresh = row.unread > 0 && !row.muted;
  return (
    <span class={fresh ? "row-text fresh" : "row-text"} dir="auto">
      {file && <Icon name={fileIcon(file.kind)} size={16} />}
      {own ? t.own(said) : said}
    </span>
  );
}

function Mark({ icon, name }: { icon: IconName; name: string }) {
  return (
    <span class={icon === "clock" ? "row-mark notice" : "row-mark"} title={name}>
      <Icon name={icon} size={16} />
      <span class="hidden-text">{name}</span>
    </span>
  );
}

function Marks({ row }: { row: ConversationSummary }) {
  const t = text();
  const { unsent, unread, pinned, muted, mutedUntil } = row;
  if (unsent === 0 && unread === 0 && !pinned && !muted) return null;
  return (
    <span class="row-marks">
      {unsent > 0 && <Mark icon="clock" name={t.list.unsent(unsent)} />}
      {muted && <Mark icon="mute" name={mutedText(mutedUntil)} />}
      {pinned && <Mark icon="pin" name={t.menu.pinned} />}
      {unread > 0 && (
        <span class={muted ? "badge numbers muted" : "badge numbers"}>
          <span aria-hidden="true">{formatNumber(language.value, unread)}</span>
          <span class="hidden-text">{t.list.unread(unread)}</span>
        </span>
      )}
    </span>
  );
}
