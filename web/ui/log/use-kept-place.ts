import { useEffect, useRef } from "preact/hooks";
import type { ReadingPlace } from "../../app/timeline.ts";

const PAUSE_MS = 400;

/** Remembers where the reader is, in pauses of the scrolling and when the conversation is left. */
export function useKeptPlace(keep: (place: ReadingPlace | null) => void) {
  const kept = useRef<ReadingPlace | null | undefined>(undefined);
  const now = useRef<ReadingPlace | null | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const store = (): void => {
    clearTimeout(timer.current);
    const place = now.current;
    const before = kept.current;
    if (place === undefined) return;
    if (before !== undefined && before?.seq === place?.seq && before?.top === place?.top) return;
    kept.current = place;
    keep(place);
  };
  useEffect(() => {
    const hidden = (): void => {
      if (document.visibilityState === "hidden") store();
    };
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      store();
    };
  }, []);
  return (place: ReadingPlace | null): void => {
    now.current = place;
    clearTimeout(timer.current);
    timer.current = setTimeout(store, PAUSE_MS);
  };
}
