import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { isRtl } from "./direction.ts";

/** Where something hangs: below or above this point, towards the start or the end of the line. */
export interface FloatingPlace {
  readonly x: number;
  readonly y: number;
  readonly towards: "start" | "end";
  readonly above?: boolean;
}

const EDGE = 8;

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high));

/** Where the end of a button is. */
function endOf(button: Element): number {
  const { left, right } = button.getBoundingClientRect();
  return isRtl() ? left : right;
}

/** Under the end of a button. */
export function placeUnder(button: Element): FloatingPlace {
  return { x: endOf(button), y: button.getBoundingClientRect().bottom, towards: "start" };
}

/** Above the end of a button. */
export function placeAbove(button: Element): FloatingPlace {
  return { x: endOf(button), y: button.getBoundingClientRect().top, towards: "start", above: true };
}

/** Moves an element to its place, but never out of the window. */
export function placeAt(element: HTMLElement, at: FloatingPlace): void {
  // Where it lay before, it may have had less room to spread.
  element.style.left = "0";
  const { offsetWidth: width, offsetHeight: height } = element;
  const leftwards = (at.towards === "start") !== isRtl();
  const left = leftwards ? at.x - width : at.x;
  const top = at.above ? at.y - height : at.y;
  // Not the window's: on a phone that widens with what stands out, until the next frame.
  const room = document.documentElement.clientWidth;
  element.style.left = `${clamp(left, EDGE, room - width - EDGE)}px`;
  element.style.top = `${clamp(top, EDGE, window.innerHeight - height - EDGE)}px`;
}

/** A button that says that it opened something closes it itself. */
const opensIt = (target: Node): boolean =>
  target instanceof Element &&
  target.closest('[aria-haspopup="dialog"][aria-expanded="true"]') !== null;

/**
 * Lays an element above everything, within the window, for as long as it is rendered, and gives it the focus by
 * `enter`. A press outside calls `onClose`; the focus goes back to where it came from.
 */
export function useFloating(
  floating: RefObject<HTMLElement>,
  at: FloatingPlace,
  onClose: () => void,
  enter: (element: HTMLElement) => void,
): void {
  useLayoutEffect(() => {
    const element = floating.current;
    const before = document.activeElement;
    if (!element) return undefined;
    element.showPopover();
    placeAt(element, at);
    enter(element);
    const outside = (event: Event): void => {
      const { target } = event;
      if (target instanceof Node && !element.contains(target) && !opensIt(target)) onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      const inside = element.contains(document.activeElement);
      if (inside && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
