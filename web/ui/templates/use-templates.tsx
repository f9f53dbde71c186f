import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import type { ComponentType, RefObject, TargetedInputEvent } from "preact";
import { useRef } from "preact/hooks";
import type { TemplateView } from "../../app/drafts-view.ts";
import { IconButton } from "../kit/button.tsx";
import { now } from "../kit/clock.ts";
import { useModels } from "../state/models-context.ts";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import type { PickerProps } from "./template-picker.tsx";

type Loaded = typeof import("./template-picker.tsx");

/** What the composer of a practitioner has of the templates; for everybody else, nothing happens. */
export function useTemplates(box: RefObject<HTMLTextAreaElement>, conversation: ConversationId) {
  const { app, templates, conversation: model, conversations } = useModels();
  /** the picker while it is open, and the stretch of the text that the template takes the place of */
  const open = useSignal<{ from: number; to: number } | null>(null);
  const loaded = useSignal<{
    parts: Loaded["templateText"];
    Picker: ComponentType<PickerProps>;
  } | null>(null);
  /** placeholders are being filled in: Tab goes to the next one */
  const filling = useRef(false);
  const state = app.value;
  const me = state.phase === "ready" && state.me.role === "practitioner" ? state.me : null;

  const show = async (from: number, to: number): Promise<void> => {
    open.value = { from, to };
    if (loaded.peek() !== null) return;
    try {
      const { TemplatePicker, templateText } = await import("./template-picker.tsx");
      loaded.value = { parts: templateText, Picker: TemplatePicker };
    } catch {
      // Without a network the part did not come: the next press tries again.
      open.value = null;
    }
  };

  const close = (): void => {
    open.value = null;
    box.current?.focus();
  };

  /** The other's own name; the label is for the practitioner's eyes, and stands in only until there is one. */
  const nameOfOther = (): string => {
    const details = model.details.peek();
    const known = details?.id === conversation ? details : null;
    const row = conversations.list.peek().find(({ id }) => id === conversation);
    return known?.peer?.signedName ?? known?.title ?? row?.title ?? "";
  };

  const choose = (template: TemplateView): void => {
    const place = open.peek();
    const parts = loaded.peek()?.parts;
    const element = box.current;
    if (place === null || parts === undefined || element === null || me === null) return;
    open.value = null;
    const values = {
      name: nameOfOther(),
      date: fullDate(locale.value, now.peek()),
      me: me.name,
    };
    parts.insertText(element, parts.filled(template.text, values), place.from, place.to);
    filling.current = true;
    selectNext(element, place.from);
  };

  const selectNext = (element: HTMLTextAreaElement, from: number): boolean => {
    const next = loaded.peek()?.parts.nextPlaceholder(element.value, from) ?? null;
    filling.current = next !== null;
    if (next !== null) element.setSelectionRange(next.start, next.end);
    return next !== null;
  };

  const { Picker } = loaded.value ?? {};
  return {
    /** A slash in an empty box asks for a template, where there is one. */
    typed({ currentTarget, inputType, data }: TargetedInputEvent<HTMLTextAreaElement>): void {
      const isSlash = inputType === "insertText" && data === "/" && currentTarget.value === "/";
      if (isSlash && me !== null && templates.list.value.length > 0) void show(0, 1);
    },
    /** Whether Tab was used to go to the next placeholder. */
    tabbed(event: KeyboardEvent): boolean {
      const element = box.current;
      if (event.key !== "Tab" || event.shiftKey || !filling.current || !element) return false;
      if (!selectNext(element, element.selectionEnd)) return false;
      event.preventDefault();
      return true;
    },
    button: me !== null && (
      <IconButton
        icon="template"
        label={text().templates.title}
        popup="listbox"
        expanded={open.value !== null}
        onClick={() => {
          const { selectionStart: from = 0, selectionEnd: to = 0 } = box.current ?? {};
          if (open.peek() === null) void show(from, to);
          else close();
        }}
      />
    ),
    picker: open.value !== null && Picker && (
      <Picker
        templates={templates.list.value}
        onChoose={choose}
        onClose={close}
        onLeave={() => (open.value = null)}
      />
    ),
  };
}
