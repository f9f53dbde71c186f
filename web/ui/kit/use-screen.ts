import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../text/language.ts";

let screensShown = 0;

/** Messages that wait to be read, before the name of whatever screen is shown. */
export const unreadInTitle = signal(0);

/**
 * Names the window after the screen and, when a screen or a step of it follows another one, moves the focus to
 * its heading, so that a screen reader says where one is. The first screen of a visit leaves the focus alone.
 */
export function useScreen(title: string, step = "") {
  const heading = useRef<HTMLHeadingElement>(null);
  const unread = unreadInTitle.value;
  useEffect(() => {
    const named = text().title(title);
    document.title = unread > 0 ? `(${unread}) ${named}` : named;
  }, [title, unread]);
  // With the screen itself: a moment later it would take the focus from somebody who types in it already.
  useLayoutEffect(() => {
    screensShown += 1;
    if (screensShown === 1) return;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  return heading;
}
