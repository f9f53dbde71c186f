import type { ConversationRow } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { now } from "../kit/clock.ts";
import { Icon } from "../kit/icon.tsx";
import { dateAndTime, listTime } from "../text/dates.ts";
import { formatNumber } from "../text/counts.ts";
import { language, locale, text } from "../text/language.ts";

interface ListProps {
  readonly rows: readonly ConversationRow[];
  readonly selected: string | null;
}

/** In the order the model gives: by activity. */
export function ConversationList({ rows, selected }: ListProps) {
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li key={row.id}>
          <a
            class="row"
            href={`/c/${row.id}`}
            aria-current={row.id === selected ? "page" : undefined}
          >
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
          </a>
        </li>
      ))}
    </ul>
  );
}

function stateText(row: ConversationRow): string | null {
  const t = text().list;
  switch (row.state) {
    case "blocked":
      return t.blocked;
    case "invitation-expired":
      return t.expired;
    case "invited":
      return row.preview === null ? t.invited : null;
    case "joining":
      return row.preview === null ? t.joining : null;
    case "active":
      return null;
  }
}

/** What the second line says: a state that matters more than the last message, else that message. */
function Second({ row }: { row: ConversationRow }) {
  const t = text().list;
  const state = stateText(row);
  if (state !== null) {
    return <span class={row.state === "blocked" ? "row-text danger" : "row-text"}>{state}</span>;
  }
  if (row.preview === null) return <span class="row-text">{t.nothingYet}</span>;
  const { own, text: said } = row.preview;
  return (
    <span class={row.unread > 0 ? "row-text fresh" : "row-text"} dir="auto">
      {own ? t.own(said) : said}
    </span>
  );
}

function Marks({ row }: { row: ConversationRow }) {
  const t = text().list;
  if (row.unsent === 0 && row.unread === 0) return null;
  return (
    <span class="row-marks">
      {row.unsent > 0 && (
        <span class="row-unsent" title={t.unsent(row.unsent)}>
          <Icon name="clock" size={16} />
          <span class="hidden-text">{t.unsent(row.unsent)}</span>
        </span>
      )}
      {row.unread > 0 && (
        <span class="badge numbers">
          <span aria-hidden="true">{formatNumber(language.value, row.unread)}</span>
          <span class="hidden-text">{t.unread(row.unread)}</span>
        </span>
      )}
    </span>
  );
}
