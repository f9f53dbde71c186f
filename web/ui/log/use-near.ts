import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Asked for before the reader gets there. */
const AHEAD = "1500px 0px";

/** Calls `ask` when this end of the log comes near; again when `edge`, the message next to it, has changed. */
export function useNear(
  mark: RefObject<HTMLElement>,
  log: RefObject<HTMLElement>,
  isWanted: boolean,
  edge: string | null,
  ask: () => void,
): void {
  useEffect(() => {
    if (!isWanted || !mark.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) ask();
      },
      { root: log.current, rootMargin: AHEAD },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [isWanted, edge]);
}
