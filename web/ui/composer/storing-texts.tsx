import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Leaving } from "./composer-state.ts";

/** The usual few milliseconds of storing are not worth a line that comes and goes. */
const SEEN_MS = 300;

/** The texts that a store which takes its time has not taken yet: out of the box, and seen to be there. */
export function LeavingTexts({ texts }: { texts: readonly Leaving[] }) {
  const isSlow = useSignal(false);
  const isLeaving = texts.length > 0;
  useEffect(() => {
    isSlow.value = false;
    if (!isLeaving) return;
    const timer = setTimeout(() => (isSlow.value = true), SEEN_MS);
    return () => clearTimeout(timer);
  }, [isLeaving]);
  if (!isLeaving || !isSlow.value) return null;
  return (
    <ul class="composer-leaving">
      {texts.map(({ text }, index) => (
        <li key={index} dir="auto">
          {text}
        </li>
      ))}
    </ul>
  );
}
