import type { Reaction } from "../../app/timeline.ts";

/** Who chose it, oneself last and as "you". */
export function namesOf({ names, own }: Reaction, me: string, you: string): string[] {
  if (!own) return [...names];
  const mine = names.indexOf(me);
  return [...names.filter((_, index) => index !== mine), you];
}
