import type { CSSProperties } from "preact";

/**
 * The style of a virtual list's rows without what keeps the pointer from them: the list does so for 150 ms after
 * every scroll, also its own, and a press on a message just sent would go nowhere.
 */
export function alwaysPressable({ pointerEvents: _, ...style }: CSSProperties): CSSProperties {
  return style;
}
