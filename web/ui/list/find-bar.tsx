import type { Ref } from "preact";
import { IconButton } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { CHIPS, type Chip, type Counts } from "./arrange.ts";
import { chip, query } from "./list-state.ts";

interface Props {
  readonly counts: Counts;
  /** how many the list shows now */
  readonly found: number;
  readonly field: Ref<HTMLInputElement>;
  /** from the field into the list */
  readonly onLeave: () => void;
  readonly onSelect: () => void;
}

/** Finding one conversation among hundreds. */
export function FindBar({ counts, found, field, onLeave, onSelect }: Props) {
  const t = text();
  return (
    <search class="find">
      <div class="find-row">
        <div class="find-field">
          <Icon name="search" size={18} />
          <input
            ref={field}
            class="input"
            type="search"
            dir="auto"
            aria-label={t.find.label}
            placeholder={t.find.label}
            value={query.value}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            enterkeyhint="search"
            onInput={(event) => (query.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && query.value !== "") query.value = "";
              else if (["Escape", "ArrowDown", "Enter"].includes(event.key)) onLeave();
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
          {query.value !== "" && (
            <IconButton
              icon="close"
              label={t.find.clear}
              onClick={() => {
                query.value = "";
              }}
            />
          )}
        </div>
        <IconButton icon="select" label={t.bulk.select} onClick={onSelect} />
      </div>
      <div class="chips" role="group" aria-label={t.find.show}>
        {CHIPS.map((name) => (
          <button
            key={name}
            type="button"
            class={name === "archived" ? "chip archive" : "chip numbers"}
            aria-pressed={chip.value === name}
            aria-label={name === "archived" ? t.find.archived : undefined}
            title={name === "archived" ? t.find.archived : undefined}
            onClick={() => (chip.value = name)}
          >
            <span>
              {name === "archived" ? <Icon name="archive" size={16} /> : chipText(name, counts)}
            </span>
          </button>
        ))}
      </div>
      <p class="hidden-text" role="status">
        {query.value.trim() !== "" && t.find.found(found)}
      </p>
    </search>
  );
}

function chipText(name: Chip, counts: Counts): string {
  const t = text().find;
  switch (name) {
    case "all":
      return t.all;
    case "waiting":
      return t.waiting(counts.waiting);
    case "unread":
      return t.unread(counts.unread);
    case "archived":
      return t.archived;
  }
}
