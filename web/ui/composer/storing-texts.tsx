import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StoringText } from "./composer-state.ts";

/** The usual few milliseconds of storing are not worth a line that comes and goes. */
const SEEN_MS = 300;

/** The texts that a store which takes its time has not taken yet: out of the box, and seen to be there. */
export function StoringTexts({ texts }: { texts: readonly StoringText[] }) {
  const isSlow = useSignal(false);
  const isStoring = texts.length > 0;
  useEffect(() => {
    isSlow.value = false;
    if (!isStoring) return;
    const timer = setTimeout(() => (isSlow.value = true), SEEN_MS);
    return () => clearTimeout(timer);
  }, [isStoring]);
  if (!isStoring || !isSlow.value) return null;
  return (
    <ul class="composer-storing">
      {texts.map(({ text }, index) => (
        <li key={index} dir="auto">
          {text}
        </li>
      ))}
    </ul>
  );
}
