import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Button } from "../kit/button.tsx";
import { Problem } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { lastDone, setArchived } from "./list-actions.ts";

/** Long enough to read it, find the button and press it; the clock stands while pointer or focus is on it. */
const SHOWN_MS = 10_000;

/** Says what was archived, and undoes it. */
export function DoneBar() {
  const { conversations } = useModels();
  const held = useSignal(false);
  const bar = useRef<HTMLDivElement>(null);
  const done = lastDone.value;
  const isHeld = held.value;

  useEffect(() => {
    if (done === null || isHeld) return;
    const timer = setTimeout(() => (lastDone.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done, isHeld]);
  useEffect(() => () => void (lastDone.value = null), []);

  const t = text().bulk;
  const archived = done?.kind === "archived" ? done : null;
  const said = archived && (archived.archived ? t.archived : t.unarchived)(archived.ids.length);
  const hold = (): void => {
    held.value = true;
  };
  const release = (): void => {
    held.value = bar.current?.contains(document.activeElement) ?? false;
  };
  return (
    <div
      ref={bar}
      class={done === null ? "done-bar" : "done-bar shown"}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocusIn={hold}
      onFocusOut={() => {
        held.value = false;
      }}
    >
      <p role="status">{said}</p>
      {archived && (
        <Button
          kind="plain"
          onClick={() => {
            held.value = false;
            void setArchived(conversations, archived.ids, !archived.archived, false);
          }}
        >
          {t.undo}
        </Button>
      )}
      {done?.kind === "failed" && <Problem failure={done.failure} />}
    </div>
  );
}
