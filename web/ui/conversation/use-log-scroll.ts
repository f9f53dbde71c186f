import { useSignal } from "@preact/signals";
import { type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Timeline } from "../../app/view.ts";
import { isAtBottom, lastInSight, type Place, placeOf, restore, toBottom } from "./keep-place.ts";

/** How far below the upper edge the divider of new messages is put when a conversation opens. */
const DIVIDER_SHARE = 0.25;

/**
 * Keeps the reader's place in the log: older messages come in above without a jump, new ones follow only a reader
 * who is at the end, an own message always does. Also says what has been seen.
 */
export function useLogScroll(
  log: RefObject<HTMLElement>,
  timeline: Timeline,
  onSeen: (seq: number) => void,
) {
  const atBottom = useSignal(true);
  const missed = useSignal(0);
  const before = useRef<Place | null>(null);
  const newest = useRef<{ id: string; seq: number } | null>(null);
  const seen = useRef(0);

  // Runs while the old contents are still in the document: the last moment to see where the reader is.
  before.current = log.current && newest.current ? placeOf(log.current) : null;

  const look = (): void => {
    const element = log.current;
    if (!element) return;
    atBottom.value = isAtBottom(element);
    if (atBottom.value) missed.value = 0;
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const id = lastInSight(element);
    const place = id === null ? -1 : timeline.items.findIndex((item) => item.id === id);
    const seq = highestSeq(timeline, place);
    if (seq <= seen.current) return;
    seen.current = seq;
    onSeen(seq);
  };

  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    const last = timeline.items.at(-1);
    const lastSeq = highestSeq(timeline, timeline.items.length - 1);
    const known = newest.current;
    if (known === null) {
      const divider = element.querySelector<HTMLElement>(".new-divider");
      if (divider) element.scrollTop = divider.offsetTop - element.clientHeight * DIVIDER_SHARE;
      else toBottom(element);
    } else {
      const wrote = last !== undefined && last.id !== known.id && isOwn(last) && last.seq === null;
      if (wrote || before.current === null) toBottom(element);
      else restore(element, before.current);
      if (!isAtBottom(element)) missed.value += arrivals(timeline, known.seq);
    }
    if (last !== undefined) {
      newest.current = { id: last.id, seq: Math.max(lastSeq, known?.seq ?? 0) };
    }
    look();
  }, [timeline]);

  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return undefined;
    // The composer grew, the keyboard opened, the window turned: who was at the end stays there.
    const resized = new ResizeObserver(() => {
      if (atBottom.peek()) toBottom(element);
    });
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  const onLook = useRef(look);
  onLook.current = look;
  useEffect(() => {
    let frame = 0;
    const soon = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => onLook.current());
    };
    const element = log.current;
    const scrolled = (): void => {
      // At once: a resize in this very frame must not take a reader back who has just left the end.
      if (element) atBottom.value = isAtBottom(element);
      soon();
    };
    element?.addEventListener("scroll", scrolled, { passive: true });
    addEventListener("focus", soon);
    document.addEventListener("visibilitychange", soon);
    return () => {
      cancelAnimationFrame(frame);
      element?.removeEventListener("scroll", scrolled);
      removeEventListener("focus", soon);
      document.removeEventListener("visibilitychange", soon);
    };
  }, []);

  const jump = (): void => {
    if (log.current) toBottom(log.current);
    look();
  };
  return { atBottom, missed, jump };
}

const isOwn = (item: Timeline["items"][number]): boolean =>
  item.kind === "message" && item.sender.own;

/** Own messages under way have no place yet: the highest of those before them counts. */
function highestSeq(timeline: Timeline, upTo: number): number {
  for (let index = upTo; index >= 0; index -= 1) {
    const seq = timeline.items[index]?.seq;
    if (typeof seq === "number") return seq;
  }
  return 0;
}

function arrivals(timeline: Timeline, after: number): number {
  let count = 0;
  for (const item of timeline.items) {
    if (item.kind === "message" && !item.sender.own && (item.seq ?? 0) > after) count += 1;
  }
  return count;
}
