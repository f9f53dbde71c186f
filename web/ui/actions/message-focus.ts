/**
 * The keyboard among the messages of a log: the log is one tab stop, arrows move between the messages, and what
 * can be pressed in a message is reached by Tab from that message only. Reads and writes the DOM only, so that
 * hundreds of messages share one set of listeners.
 */

/** Messages, and the days between them. */
const STOP = "article[data-id], .day > button";
const INNER = "[data-inner]";
/** A message taller than the log is scrolled through by this share of the log. */
const SCROLL_SHARE = 0.8;

export const messageOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(STOP) : null;

const messagesOf = (log: HTMLElement): HTMLElement[] => [
  ...log.querySelectorAll<HTMLElement>(STOP),
];

export const messageAt = (log: HTMLElement, key: string): HTMLElement | null =>
  log.querySelector<HTMLElement>(`article[data-id="${CSS.escape(key)}"]`);

function openInner(message: HTMLElement, isOpen: boolean): void {
  for (const inner of message.querySelectorAll<HTMLElement>(INNER)) {
    inner.tabIndex = isOpen ? 0 : -1;
  }
}

/** Where an arrow starts that is pressed on the log itself: where one was, else at the last one in sight. */
function startOf(
  log: HTMLElement,
  all: readonly HTMLElement[],
  key: string | null,
): HTMLElement | null {
  const edge = log.getBoundingClientRect();
  const inSight = (element: HTMLElement): boolean => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < edge.bottom && bottom > edge.top;
  };
  const known = key === null ? null : messageAt(log, key);
  if (known && inSight(known)) return known;
  return all.findLast(inSight) ?? all.at(-1) ?? null;
}

/** What is left of a tall message in this direction is shown before the next one is reached. */
function scrolledWithin(log: HTMLElement, message: HTMLElement, by: 1 | -1): boolean {
  const box = message.getBoundingClientRect();
  const edge = log.getBoundingClientRect();
  const hidden = by > 0 ? box.bottom - edge.bottom : edge.top - box.top;
  if (hidden <= 1) return false;
  log.scrollTop += by * Math.min(hidden, log.clientHeight * SCROLL_SHARE);
  return true;
}

interface MessageFocus {
  /** Moves to the message before or after; returns whether there was anywhere to go. */
  move(from: EventTarget | null, by: 1 | -1): boolean;
  /** After the messages have changed: a message that was replaced while it had the focus gets it back. */
  renew(): void;
  stop(): void;
}

export function followFocus(log: HTMLElement): MessageFocus {
  let open: HTMLElement | null = null;
  let last: string | null = null;
  let isInside = false;

  const close = (): void => {
    if (open) openInner(open, false);
    open = null;
  };

  const onFocusIn = ({ target }: FocusEvent): void => {
    isInside = target instanceof Node && log.contains(target) && target !== log;
    const message = isInside ? messageOf(target) : null;
    if (message !== open) close();
    if (!message) return;
    open = message;
    last = message.dataset["id"] ?? null;
    openInner(message, true);
  };

  document.addEventListener("focusin", onFocusIn);
  return {
    move(from, by) {
      const here = messageOf(from);
      if (here && scrolledWithin(log, here, by)) return true;
      const all = messagesOf(log);
      const next = here ? all[all.indexOf(here) + by] : startOf(log, all, last);
      if (!next) {
        // The upper end asks for what is older.
        if (by < 0) log.scrollTop = 0;
        return here !== null;
      }
      next.focus();
      return true;
    },
    renew() {
      if (open?.isConnected) openInner(open, true);
      if (!isInside || last === null || document.activeElement !== document.body) return;
      messageAt(log, last)?.focus({ preventScroll: true });
    },
    stop() {
      document.removeEventListener("focusin", onFocusIn);
      close();
    },
  };
}
