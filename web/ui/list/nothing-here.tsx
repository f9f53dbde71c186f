import type { ComponentChildren } from "preact";
import type { ConversationSummary } from "../../app/view.ts";
import { Button } from "../kit/button.tsx";
import { Icon, type IconName } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { type Chip, arrange } from "./arrange.ts";
import { chip, query } from "./list-state.ts";

/** There are conversations, but none that fits: says so, and where to look instead. */
export function NothingHere({ rows }: { rows: readonly ConversationSummary[] }) {
  const t = text().find;
  const show = (name: Chip, label: string) => (
    <Button onClick={() => (chip.value = name)}>{label}</Button>
  );
  if (query.value.trim() !== "") {
    const inAll = arrange(rows, "all", query.value).length;
    const inArchive = arrange(rows, "archived", query.value).length;
    return (
      <Nothing icon="search" title={t.noMatch} help={t.noMatchHelp}>
        {inAll > 0 && chip.value !== "all" && show("all", t.inAll)}
        {inArchive > 0 && chip.value !== "archived" && show("archived", t.inArchive(inArchive))}
      </Nothing>
    );
  }
  switch (chip.value) {
    case "all":
      return (
        <Nothing icon="archive" title={t.noneLeft}>
          {show("archived", t.showArchive)}
        </Nothing>
      );
    case "waiting":
      return (
        <Nothing icon="check" title={t.noneWaiting}>
          {show("all", t.showAll)}
        </Nothing>
      );
    case "unread":
      return (
        <Nothing icon="check" title={t.noneUnread}>
          {show("all", t.showAll)}
        </Nothing>
      );
    case "archived":
      return (
        <Nothing icon="archive" title={t.noneArchived} help={t.noneArchivedHelp}>
          {show("all", t.showAll)}
        </Nothing>
      );
  }
}

interface NothingProps {
  readonly icon: IconName;
  readonly title: string;
  readonly help?: string;
  readonly children: ComponentChildren;
}

function Nothing({ icon, title, help, children }: NothingProps) {
  return (
    <div class="list-empty">
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {help !== undefined && <p class="quiet">{help}</p>}
      {children}
    </div>
  );
}
