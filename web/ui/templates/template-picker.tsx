import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { TemplateView } from "../../app/drafts-view.ts";
import { matches } from "../list/arrange.ts";
import { text } from "../text/language.ts";
import { insertText } from "./insert-text.ts";
import { filled, nextPlaceholder } from "./placeholders.ts";
import "../styles/templates.css";

/** What comes with the picker, and is needed once something was chosen in it. */
export const templateText = { insertText, filled, nextPlaceholder };

export interface PickerProps {
  readonly templates: readonly TemplateView[];
  readonly onChoose: (template: TemplateView) => void;
  /** The person wants to write on. */
  readonly onClose: () => void;
  /** The focus went elsewhere. */
  readonly onLeave: () => void;
}

/** A field with the list of what fits: arrows move in the list while the focus stays in the field. */
export function TemplatePicker({ templates, onChoose, onClose, onLeave }: PickerProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const query = useSignal("");
  const active = useSignal(0);
  const t = text().templates;
  const found = templates.filter(({ name }) => matches(name, query.value));
  const index = Math.min(active.value, found.length - 1);
  const optionId = (n: number): string => `${id}-${n}`;

  // At once: what is typed after the list can be seen is meant for it.
  useLayoutEffect(() => {
    (field.current ?? frame.current?.querySelector("a"))?.focus();
  }, []);
  useEffect(() => {
    document.getElementById(optionId(index))?.scrollIntoView({ block: "nearest" });
  }, [index]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const chosen = found[index];
    if (event.key === "ArrowDown") active.value = (index + 1) % Math.max(1, found.length);
    else if (event.key === "ArrowUp") active.value = (index + found.length - 1) % found.length || 0;
    else if (event.key === "Escape") onClose();
    else if (event.key === "Enter") {
      if (chosen) onChoose(chosen);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={frame}
      class="picker"
      role="presentation"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !frame.current?.contains(next)) onLeave();
      }}
    >
      {templates.length > 0 && (
        <input
          ref={field}
          class="input"
          type="text"
          role="combobox"
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="done"
          aria-label={t.find}
          placeholder={t.find}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? optionId(index) : undefined}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
            active.value = 0;
          }}
          onKeyDown={onKeyDown}
        />
      )}
      <div class="picker-list" id={`${id}-list`} role="listbox" aria-label={t.title}>
        {found.map((template, n) => (
          <div
            key={template.id}
            id={optionId(n)}
            role="option"
            tabIndex={-1}
            aria-selected={n === index}
            // The focus stays in the field, and with it the keyboard of a phone.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(template)}
            onKeyDown={onKeyDown}
          >
            <span class="picker-name" dir="auto">
              {template.name}
            </span>
            <span class="picker-text" dir="auto">
              {template.text}
            </span>
          </div>
        ))}
      </div>
      <p class="picker-none" role="status">
        {found.length === 0 && (templates.length === 0 ? t.none : t.noMatch)}
      </p>
      <a class="picker-manage" href="/settings#templates">
        {t.manage}
      </a>
    </div>
  );
}
