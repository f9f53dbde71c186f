import { useEffect } from "preact/hooks";
import { shortcuts } from "../state/shortcuts.ts";

/** What the keyboard does in the list, wherever the focus is. */
export interface ShortcutActions {
  readonly move: (by: number) => void;
  readonly find: () => void;
  readonly help: () => void;
  readonly back: () => void;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));

/** Whether this key was meant for something else: a menu, a dialog, the browser. */
const isTaken = (event: KeyboardEvent): boolean =>
  event.defaultPrevented ||
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  event.isComposing ||
  document.querySelector("dialog[open], [role=menu]") !== null;

/** Rows that an arrow moves by; Home and End go as far as there is. */
function step(key: string): number {
  switch (key) {
    case "ArrowDown":
      return 1;
    case "ArrowUp":
      return -1;
    case "Home":
      return -Number.MAX_SAFE_INTEGER;
    case "End":
      return Number.MAX_SAFE_INTEGER;
    default:
      return 0;
  }
}

/** Whether a row of the list has the focus: elsewhere arrows scroll, as they do. */
const isRow = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[data-row]") !== null;

function act({ key, target }: KeyboardEvent, { move, find, help, back }: ShortcutActions): boolean {
  // No letter: it leads out of the composer as well, where the draft is kept.
  if (key === "Escape") back();
  else if (step(key) !== 0 && isRow(target)) move(step(key));
  // WCAG 2.1.4: whoever dictates or presses keys by accident can switch single letters off.
  else if (!shortcuts.value || isField(target)) return false;
  else if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "/") find();
  else if (key === "?") help();
  else return false;
  return true;
}

export function useShortcuts(actions: ShortcutActions): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isTaken(event) && act(event, actions)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  });
}
