import type { Block } from "../message/blocks.ts";

/** What to render next so that the list becomes `target`. */
export interface Stage {
  readonly blocks: readonly Block[];
  /** blocks came or went at the start: the place is kept from the end */
  readonly shift: boolean;
  /** nothing of what was shown is left: another part of the history */
  readonly isElsewhere: boolean;
  readonly isLast: boolean;
}

/**
 * A virtual list knows its rows by number, so it can be told of a change at its start or at its end, not of both
 * at once. A stretch that moves along the history changes at both: first the start, then the end.
 */
export function nextStage(shown: readonly Block[], target: readonly Block[]): Stage {
  const places = new Map(target.map(({ key }, index) => [key, index]));
  const first = shown.findIndex(({ key }) => places.has(key));
  const last = shown.findLastIndex(({ key }) => places.has(key));
  const whole = { blocks: target, shift: false, isElsewhere: first < 0, isLast: true };
  const from = places.get(shown[first]?.key ?? "");
  const to = places.get(shown[last]?.key ?? "");
  if (from === undefined || to === undefined || from === first) return whole;
  const tail = shown.slice(last + 1);
  const isLast = tail.length === 0 && to === target.length - 1;
  return {
    blocks: isLast ? target : [...target.slice(0, to + 1), ...tail],
    shift: true,
    isElsewhere: false,
    isLast,
  };
}
