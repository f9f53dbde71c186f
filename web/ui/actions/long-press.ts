const HOLD_MS = 450;
/** A finger that is held down still moves by a few pixels. */
const SLACK = 10;

/**
 * Calls `held` when a finger stays on the element; the click that follows is swallowed. Browsers differ in whether
 * they tell of it themselves (`contextmenu`), so it is timed here. Returns how to stop.
 */
export function onLongPress(
  element: HTMLElement,
  held: (target: EventTarget | null, x: number, y: number) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let swallow = false;
  const cancel = (): void => clearTimeout(timer);
  const listeners = new AbortController();
  const { signal } = listeners;

  element.addEventListener(
    "pointerdown",
    ({ pointerType, isPrimary, target, clientX: x, clientY: y }) => {
      cancel();
      swallow = false;
      if (pointerType !== "touch" || !isPrimary) return;
      from = { x, y };
      timer = setTimeout(() => {
        swallow = true;
        held(target, x, y);
      }, HOLD_MS);
    },
    { signal },
  );
  element.addEventListener(
    "pointermove",
    ({ clientX: x, clientY: y }) => {
      if (Math.hypot(x - from.x, y - from.y) > SLACK) cancel();
    },
    { signal, passive: true },
  );
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
    element.addEventListener(end, cancel, { signal });
  }
  element.addEventListener(
    "click",
    (event) => {
      if (!swallow) return;
      swallow = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal, capture: true },
  );
  return () => {
    cancel();
    listeners.abort();
  };
}
