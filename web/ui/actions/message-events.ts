import { type FloatingPlace, placeUnder } from "../kit/floating.ts";
import { shortcuts } from "../state/shortcuts.ts";
import { focusComposer } from "../composer/composer-focus.ts";
import { onLongPress } from "./long-press.ts";
import { followFocus, messageOf } from "./message-focus.ts";

/** What a person asks of a message, by the key of its block. */
export interface MessageRequests {
  menu(block: string, at: FloatingPlace): void;
  reply(block: string): void;
  edit(block: string): void;
  react(block: string, emoji: string): void;
  quote(seq: number): void;
}

const below = (x: number, y: number): FloatingPlace => ({ x, y, towards: "end" });

/** Beside the button of the message, which may be out of sight. */
function placeAt(message: HTMLElement): FloatingPlace {
  const bubble = message.querySelector(".bubble") ?? message;
  return placeUnder(bubble);
}

const isLink = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("a") !== null;

const hasSelection = (): boolean => getSelection()?.isCollapsed === false;

const withModifier = ({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || altKey || shiftKey;

/**
 * Listens on the log for all its messages: presses, long presses, the context menu and the keyboard. Returns
 * `renew`, to be called when the messages have changed, and `stop`.
 */
export function listenTo(log: HTMLElement, asked: MessageRequests) {
  const focus = followFocus(log);
  const listeners = new AbortController();
  const { signal } = listeners;

  const menuFor = (target: EventTarget | null, at: FloatingPlace | null): boolean => {
    const message = messageOf(target);
    const block = message?.dataset["id"];
    if (!message || block === undefined || !message.querySelector("[data-more]")) return false;
    // So that the focus comes back to it.
    if (!message.contains(document.activeElement)) message.focus({ preventScroll: true });
    asked.menu(block, at ?? placeAt(message));
    return true;
  };

  const onClick = ({ target }: MouseEvent): void => {
    const block = messageOf(target)?.dataset["id"];
    const button = target instanceof Element ? target.closest<HTMLElement>("button") : null;
    if (block === undefined || !button) return;
    const { react, quote, more } = button.dataset;
    if (more !== undefined) menuFor(button, placeUnder(button));
    else if (react !== undefined) asked.react(block, react);
    else if (quote !== undefined) asked.quote(Number(quote));
  };

  const onContextMenu = (event: PointerEvent | MouseEvent): void => {
    const { target, clientX: x, clientY: y } = event;
    const pointer = "pointerType" in event ? event.pointerType : "mouse";
    // A link and selected words have a menu of the browser's own.
    if (pointer === "mouse" && (isLink(target) || hasSelection())) return;
    const byHand = pointer === "mouse" || pointer === "touch";
    if (menuFor(target, byHand ? below(x, y) : null)) event.preventDefault();
  };

  /** Keys that act on the message that has the focus. */
  const onMessage = (event: KeyboardEvent, message: HTMLElement, block: string): boolean => {
    const { key, target } = event;
    if (key === "ContextMenu" || (key === "F10" && event.shiftKey)) return menuFor(message, null);
    if (withModifier(event)) return false;
    if (key === "Enter" && target === message) return menuFor(message, null);
    if (!shortcuts.value) return false;
    if (key === "r") asked.reply(block);
    else if (key === "e") asked.edit(block);
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing) return;
    const message = messageOf(target);
    const block = message?.dataset["id"];
    if (target !== log && !message) return;
    let isDone = false;
    if (key === "Escape") isDone = focusComposer();
    else if ((key === "ArrowUp" || key === "ArrowDown") && !withModifier(event)) {
      isDone = focus.move(target, key === "ArrowUp" ? -1 : 1);
    } else if (message && block !== undefined) isDone = onMessage(event, message, block);
    if (isDone) event.preventDefault();
  };

  log.addEventListener("click", onClick, { signal });
  log.addEventListener("contextmenu", onContextMenu, { signal });
  log.addEventListener("keydown", onKeyDown, { signal });
  const stopPress = onLongPress(log, (target, x, y) => void menuFor(target, below(x, y)));
  return {
    renew: focus.renew,
    stop(): void {
      listeners.abort();
      stopPress();
      focus.stop();
    },
  };
}
