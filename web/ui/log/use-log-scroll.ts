import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Reveal, Timeline, TimelineItem } from "../../app/timeline.ts";
import { type Block, blockAt } from "../message/blocks.ts";
import { type Anchor, anchorOf, isAtBottom, lastInSight, nudge, rowOf } from "./keep-place.ts";
import { type Goal, type RowOffsets, approach } from "./scroll-goal.ts";

const LOOK_MS = 100;
/** A day's first message is shown with its heading above it. */
const BELOW_DAY_PX = 60;

interface Scroll {
  readonly log: RefObject<HTMLElement>;
  readonly rows: RefObject<RowOffsets>;
  readonly blocks: readonly Block[];
  readonly timeline: Timeline;
  /** the blocks show another part of the history than before */
  readonly isElsewhere: boolean;
  readonly onSeen: (seq: number) => void;
  /** the first row in sight, after every scroll; null at the newest message */
  readonly onPlace: (anchor: Anchor | null) => void;
  /** a message was looked for, and is in sight */
  readonly onFound: (key: string) => void;
}

/**
 * Keeps the reader's place in the log: nothing that comes, goes or changes its height moves the message they look
 * at; new ones follow only a reader who is at the end, an own message always does. Also says what has been seen.
 */
export function useLogScroll(scroll: Scroll) {
  const { log, rows, blocks, timeline, isElsewhere } = scroll;
  const atBottom = useSignal(true);
  const missed = useSignal(0);
  const goal = useRef<Goal | null>(null);
  /** where the log was left by this hook: anywhere else, it was the reader who moved it */
  const stood = useRef(0);
  const frame = useRef<ReturnType<typeof setTimeout>>();
  const looked = useRef(0);
  const newest = useRef<{ id: TimelineItem["id"] | null; seq: number } | null>(null);
  const isLatestWanted = useRef(false);
  const revealed = useRef<number | null>(null);
  const seen = useRef(0);
  const latest = useRef(scroll);

  const look = (): void => {
    const element = log.current;
    if (!element || newest.current === null) return;
    const { timeline: shown, onPlace, onSeen } = latest.current;
    atBottom.value = shown.newer === "none" && isAtBottom(element);
    if (atBottom.value) missed.value = 0;
    onPlace(atBottom.value ? null : anchorOf(element));
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const key = lastInSight(element);
    const place = key === null ? -1 : shown.items.findIndex((item) => item.id === key);
    const seq = highestSeq(shown, place);
    if (seq <= seen.current) return;
    seen.current = seq;
    onSeen(seq);
  };

  const onLook = useRef(look);
  onLook.current = look;
  /** In a pause between frames, a few times a second: looking makes the browser lay out. */
  const soon = (): void => {
    if (frame.current !== undefined) return;
    const wait = Math.max(0, looked.current + LOOK_MS - performance.now());
    frame.current = setTimeout(() => {
      requestAnimationFrame(() => {
        frame.current = undefined;
        looked.current = performance.now();
        onLook.current();
      });
    }, wait);
  };

  /** Scrolling by the reader ends every goal, also one that is still being approached. */
  const noticeReader = (): void => {
    const element = log.current;
    if (!element || newest.current === null || Math.abs(element.scrollTop - stood.current) <= 1) {
      return;
    }
    stood.current = element.scrollTop;
    atBottom.value = latest.current.timeline.newer === "none" && isAtBottom(element);
    goal.current = atBottom.value ? { kind: "bottom" } : null;
  };

  // Runs while the old contents are still in the document: the last moment to see where the reader is.
  noticeReader();
  const before = log.current && newest.current ? anchorOf(log.current) : null;
  latest.current = scroll;

  /** A goal holds until the reader moves: whatever is measured or changes, the log stands there again. */
  const pursue = (): void => {
    const element = log.current;
    if (!element) return;
    if (goal.current) {
      const was = element.scrollTop;
      goal.current = approach(element, goal.current, latest.current.blocks, rows.current);
      const isBack = Math.abs(element.scrollTop - (rows.current?.scrollOffset ?? -1)) < 1;
      if (isBack && element.scrollTop !== was) nudge(element);
    }
    stood.current = element.scrollTop;
    soon();
  };

  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    const last = timeline.items.at(-1) ?? null;
    const lastSeq = highestSeq(timeline, timeline.items.length - 1);
    const known = newest.current;
    const reveal = timeline.reveal;
    const isAsked = reveal !== null && reveal.at !== revealed.current;
    const wrote = last !== null && last.id !== known?.id && isOwn(last) && last.seq === null;
    const isNewest = timeline.newer === "none";
    const held = goal.current;
    const isHeld =
      held?.kind === "bottom" ? isNewest : blocks.some((block) => block.key === held?.key);
    if (isAsked && blocks.length > 0) {
      revealed.current = reveal.at;
      const found = goalOf(reveal, blocks);
      goal.current = found;
      if (found?.kind === "row" && reveal.as === "found") {
        whenMounted(log, found.key, () => latest.current.onFound(found.key));
      }
    } else if (known === null) {
      const isDivided = blocks.some(({ kind }) => kind === "new");
      goal.current = isDivided ? { kind: "row", key: "new", top: "quarter" } : { kind: "bottom" };
    } else if (isElsewhere || (isNewest && (wrote || isLatestWanted.current))) {
      isLatestWanted.current = false;
      goal.current = { kind: "bottom" };
    } else if (!isHeld && before) {
      goal.current = { kind: "row", ...before };
    }
    pursue();
    if (known !== null && !isAtBottom(element)) missed.value += arrivals(timeline, known.seq);
    newest.current = { id: last?.id ?? null, seq: Math.max(lastSeq, known?.seq ?? 0) };
  }, [timeline, blocks]);

  useEffect(() => {
    const element = log.current;
    if (!element) return undefined;
    const scrolled = (): void => {
      noticeReader();
      soon();
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    addEventListener("focus", soon);
    document.addEventListener("visibilitychange", soon);
    return () => {
      clearTimeout(frame.current);
      element.removeEventListener("scroll", scrolled);
      removeEventListener("focus", soon);
      document.removeEventListener("visibilitychange", soon);
    };
  }, []);

  return {
    atBottom,
    missed,
    /** rows or the log itself changed their height */
    measured: pursue,
    /** The document is as high as its rows now: who is at the end of it stays there. */
    grown(): void {
      if (goal.current?.kind === "bottom") pursue();
    },
    /** To the newest message, wherever the stretch stands. */
    toLatest(showNewest: () => void): void {
      isLatestWanted.current = timeline.newer !== "none";
      if (isLatestWanted.current) showNewest();
      else goal.current = { kind: "bottom" };
      pursue();
    },
  };
}

function goalOf(reveal: Reveal, blocks: readonly Block[]): Goal | null {
  const block = blocks[blockAt(blocks, reveal.seq)];
  if (!block) return null;
  switch (reveal.as) {
    case "found":
      return { kind: "row", key: block.key, top: "centre" };
    case "day":
      return { kind: "row", key: block.key, top: BELOW_DAY_PX };
    case "new":
      return { kind: "row", key: "new", top: "quarter" };
    case "kept":
      return { kind: "row", key: block.key, top: reveal.top };
  }
}

const FRAMES = 30;

/** A row that was far away is in the document some frames after it was scrolled to. */
function whenMounted(log: RefObject<HTMLElement>, key: string, then: () => void): void {
  const attempt = (left: number): void => {
    const row = log.current && rowOf(log.current, key);
    if (row) then();
    else if (left > 0) requestAnimationFrame(() => attempt(left - 1));
  };
  requestAnimationFrame(() => attempt(FRAMES));
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
