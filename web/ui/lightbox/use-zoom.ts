import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { type Size, type View, WHOLE, fitted, within, zoomedAt } from "./zoom.ts";

interface Gestures {
  /** a swipe over a picture that is whole */
  readonly onSwipe: (to: "left" | "right") => void;
  /** a swipe down */
  readonly onAway: () => void;
}

export interface Zoom {
  readonly view: ReadonlySignal<View>;
  /** while fingers move it, it follows them at once */
  readonly isHeld: ReadonlySignal<boolean>;
  /** about the middle */
  zoom(factor: number): void;
  move(x: number, y: number): void;
  reset(): void;
}

const DOUBLE = 2.5;
const DOUBLE_MS = 300;
const TAP_PX = 10;
const SWIPE_PX = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

const distance = ([a, b]: readonly Point[]): number =>
  a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** Wheel, pinch, drag, double tap and swipe over a stage with a picture of this size. */
export function useZoom(
  stage: RefObject<HTMLElement>,
  picture: Size | null,
  { onSwipe, onAway }: Gestures,
): Zoom {
  const view = useSignal<View>(WHOLE);
  const isHeld = useSignal(false);

  const sizes = (): readonly [Size, Size] | null => {
    const { current } = stage;
    if (!current || !picture) return null;
    const room = { width: current.clientWidth, height: current.clientHeight };
    return [fitted(picture, room), room];
  };
  const set = (next: View): void => {
    const known = sizes();
    if (known) view.value = within(next, ...known);
  };
  const fromMiddle = ({ x, y }: Point): Point => {
    const box = stage.current?.getBoundingClientRect();
    return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x, y };
  };

  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const listeners = new AbortController();
    const { signal } = listeners;
    const held = new Map<number, Point>();
    let began: { readonly at: Point; readonly time: number; readonly view: View } | null = null;
    let tapped = { at: { x: 0, y: 0 }, time: -DOUBLE_MS };
    let wasPinch = false;

    const points = (): Point[] => [...held.values()];
    const onDown = (event: PointerEvent): void => {
      if (
        event.button !== 0 ||
        !(event.target instanceof Element) ||
        event.target.closest("button")
      )
        return;
      element.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      isHeld.value = true;
      wasPinch = held.size > 1;
      began = { at: middle(points()), time: event.timeStamp, view: view.peek() };
    };
    const onMove = (event: PointerEvent): void => {
      if (!held.has(event.pointerId)) return;
      const before = points();
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const after = points();
      const [from, to] = [middle(before), middle(after)];
      const { scale, x, y } = view.peek();
      const moved = { scale, x: x + to.x - from.x, y: y + to.y - from.y };
      if (held.size > 1) {
        set(zoomedAt(moved, distance(after) / Math.max(1, distance(before)), fromMiddle(to)));
      } else if (scale > 1) set(moved);
    };
    const onUp = (event: PointerEvent): void => {
      if (!held.delete(event.pointerId) || held.size > 0) return;
      isHeld.value = false;
      if (!began || wasPinch || event.type === "pointercancel") return;
      const at = { x: event.clientX, y: event.clientY };
      const [dx, dy] = [at.x - began.at.x, at.y - began.at.y];
      if (Math.hypot(dx, dy) < TAP_PX) {
        const isDouble =
          event.timeStamp - tapped.time < DOUBLE_MS &&
          Math.hypot(at.x - tapped.at.x, at.y - tapped.at.y) < 3 * TAP_PX;
        if (isDouble) {
          const { scale } = view.peek();
          set(scale > 1 ? WHOLE : zoomedAt(view.peek(), DOUBLE, fromMiddle(at)));
        }
        tapped = { at, time: isDouble ? -DOUBLE_MS : event.timeStamp };
      } else if (began.view.scale === 1) {
        if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) {
          onSwipe(dx < 0 ? "left" : "right");
        } else if (dy > SWIPE_PX && dy > 2 * Math.abs(dx) && event.pointerType !== "mouse")
          onAway();
      }
    };
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 30;
      const factor = Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 120 : 400));
      set(zoomedAt(view.peek(), factor, fromMiddle({ x: event.clientX, y: event.clientY })));
    };
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointermove", onMove, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    element.addEventListener("wheel", onWheel, { signal, passive: false });
    window.addEventListener("resize", () => set(view.peek()), { signal });
    return () => listeners.abort();
  }, [picture, onSwipe, onAway]);

  return {
    view,
    isHeld,
    zoom: (factor) => set(zoomedAt(view.peek(), factor, { x: 0, y: 0 })),
    move: (x, y) => set({ ...view.peek(), x: view.peek().x + x, y: view.peek().y + y }),
    reset: () => (view.value = WHOLE),
  };
}
